internal import Images
internal import Profiling

/// Reads PNG files of every colour type and depth that are sound and not interlaced.
///
/// It is for speed alone. All others are declined, and libpng decides about them: so with it or
/// without it there are the same pixels, the same errors and the same warnings. (But libdeflate
/// takes the codes 286, 287, 30 and 31 that zlib refuses, if the checksum is right nevertheless.)
enum FastPNGReader {
    /// The rows between two looks at the checkpoint, and those that are expanded while they are in
    /// the cache.
    private static let rowsPerBand = 16

    /// Decodes into memory that the caller gives.
    ///
    /// - Parameters:
    ///   - file: What the walk over `bytes` found.
    ///   - bytes: The whole file.
    ///   - layout: What `file` decodes to.
    ///   - pixels: Receives the rows of `layout`; unspecified where the file is declined.
    ///   - checkpoint: Asked every 16 rows, but not while the stream is inflated.
    /// - Returns: False if the file is not for this reader.
    /// - Throws: What the checkpoint throws.
    static func read(
        _ file: PNGFile, of bytes: borrowing Span<UInt8>, as layout: PixelLayout,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(Interruption) -> Bool {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        guard !file.header.isInterlaced, file.truncatedImageData == nil,
            file.hasSoundTransparency(in: bytes), let parts = file.soundImageData(of: bytes)
        else { return false }
        let expansion = PixelExpansion(file, in: bytes)
        return unsafe try bytes.withUnsafeBytes { bytes throws(Interruption) in
            unsafe try pixels.withUnsafeMutableBytes { pixels throws(Interruption) in
                try PNGWorkspace.borrow { workspace throws(Interruption) in
                    guard
                        let rows = unsafe workspace.inflate(parts, of: bytes, as: file.header),
                        let output = unsafe pixels.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    else { return false }
                    guard let expansion else {
                        return unsafe try undoInPlace(rows, layout, output, workspace, checkpoint)
                    }
                    return unsafe try undoAndExpand(
                        rows, expansion, layout, output, workspace, checkpoint)
                }
            }
        }
    }

    /// For rows that are stored as they lie in memory: undone where they are to be.
    private static func undoInPlace(
        _ rows: FilteredRows, _ layout: PixelLayout, _ output: UnsafeMutablePointer<UInt8>,
        _ workspace: PNGWorkspace, _ checkpoint: Checkpoint
    ) throws(Interruption) -> Bool {
        guard let zeros = unsafe workspace.rows.bytes(rows.bytesPerRow) else { return false }
        unsafe zeros.update(repeating: 0, count: rows.bytesPerRow)
        for y in stride(from: 0, to: layout.height, by: rowsPerBand) {
            try checkpoint.check()
            let band = y..<min(y + rowsPerBand, layout.height)
            let start = unsafe output + y * rows.bytesPerRow
            let above = unsafe UnsafePointer(y == 0 ? zeros : start - rows.bytesPerRow)
            guard unsafe rows.undo(band, to: start, above: above) else { return false }
        }
        return true
    }

    /// For all others: undone into a band of rows, and expanded from there.
    private static func undoAndExpand(
        _ rows: FilteredRows, _ expansion: PixelExpansion, _ layout: PixelLayout,
        _ output: UnsafeMutablePointer<UInt8>, _ workspace: PNGWorkspace, _ checkpoint: Checkpoint
    ) throws(Interruption) -> Bool {
        // The row above, the band, and a row of samples for the expansion.
        let bytesPerRow = rows.bytesPerRow
        let samplesPerRow = layout.width
        guard
            let above = unsafe workspace.rows.bytes(
                bytesPerRow * (rowsPerBand + 1) + samplesPerRow)
        else { return false }
        let stored = unsafe above + bytesPerRow
        let samples = unsafe stored + bytesPerRow * rowsPerBand
        unsafe above.update(repeating: 0, count: bytesPerRow)
        for y in stride(from: 0, to: layout.height, by: rowsPerBand) {
            try checkpoint.check()
            let band = y..<min(y + rowsPerBand, layout.height)
            guard unsafe rows.undo(band, to: stored, above: UnsafePointer(above)) else {
                return false
            }
            for row in 0..<band.count {
                guard
                    unsafe expansion.expand(
                        stored + row * bytesPerRow, samples: samples,
                        to: output + (y + row) * layout.bytesPerRow, width: layout.width)
                else { return false }
            }
            unsafe above.update(from: stored + (band.count - 1) * bytesPerRow, count: bytesPerRow)
        }
        return true
    }
}

extension PNGFile {
    /// Whether the transparent colour, if there is one, has no more bits than the samples.
    fileprivate func hasSoundTransparency(in bytes: borrowing Span<UInt8>) -> Bool {
        guard let transparency, header.colorType != .palette else { return true }
        for sample in stride(from: transparency.lowerBound, to: transparency.upperBound, by: 2)
        where bytes.bigEndian16(at: sample) >> header.bitDepth != 0 { return false }
        return true
    }

    /// The contents of the IDAT chunks; nil if the checksum of one is wrong.
    fileprivate func soundImageData(of bytes: borrowing Span<UInt8>) -> [Range<Int>]? {
        var parts: [Range<Int>] = []
        var offset = imageData.lowerBound
        while offset < imageData.upperBound, let chunk = PNGChunk(at: offset, of: bytes) {
            guard (try? chunk.check(in: bytes)) != nil else { return nil }
            parts.append(chunk.content)
            offset = chunk.end
        }
        return parts
    }
}

extension PNGWorkspace {
    /// Inflates all rows of an image; nil if the stream in `parts` is not exactly they.
    fileprivate func inflate(
        _ parts: [Range<Int>], of bytes: UnsafeRawBufferPointer, as header: PNGHeader
    ) -> FilteredRows? {
        guard let byteCount = header.filteredByteCount,
            let stream = unsafe joined(parts, of: bytes),
            unsafe Self.mayHold(byteCount, stream: stream),
            let rows = unsafe filtered.bytes(byteCount),
            unsafe inflate(
                stream, filling: UnsafeMutableRawBufferPointer(start: rows, count: byteCount))
        else { return nil }
        return unsafe FilteredRows(
            start: rows, bytesPerRow: header.bytesPerRow, bytesPerPixel: header.bytesPerPixel)
    }

    /// The zlib stream of an image: in the file where it is in one piece, else copied.
    private func joined(
        _ parts: [Range<Int>], of bytes: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer? {
        if parts.count == 1 { return unsafe UnsafeRawBufferPointer(rebasing: bytes[parts[0]]) }
        let byteCount = parts.reduce(0) { $0 + $1.count }
        guard let stream = unsafe compressed.bytes(byteCount) else { return nil }
        let joined = unsafe UnsafeMutableRawBufferPointer(start: stream, count: byteCount)
        var end = 0
        for part in parts where !part.isEmpty {
            unsafe UnsafeMutableRawBufferPointer(rebasing: joined[end...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[part]))
            end += part.count
        }
        return UnsafeRawBufferPointer(joined)
    }

    /// Whether a stream can hold `byteCount` bytes and its window suffices for them.
    ///
    /// A deflate stream holds at most 1,032 bytes a byte, so that a small file that claims to be a
    /// large image is declined before memory is taken. libdeflate does not look at the window that
    /// a stream announces (RFC 1950, clause 2.2), which libpng holds it to.
    private static func mayHold(_ byteCount: Int, stream: UnsafeRawBufferPointer) -> Bool {
        guard stream.count > 6, byteCount / 1032 <= stream.count else { return false }
        let window = unsafe 256 << Int(stream[0] >> 4)
        return window >= 32768 || byteCount <= window
    }
}
