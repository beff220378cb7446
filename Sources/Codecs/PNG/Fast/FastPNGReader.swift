internal import Images
internal import Profiling

/// Reads plain PNG files: 8 and 16 bits as well as palettes and fewer bits, not interlaced.
///
/// It is for speed alone. Files that are broken or unusual are declined, and libpng decides about
/// them; so both ways give the same pixels, the same errors and the same warnings.
struct FastPNGReader {
    /// The rows between two looks at the checkpoint, and those that are converted while they are
    /// in the cache.
    static let rowsPerBand = 16

    /// Decodes into memory that the caller gives.
    ///
    /// - Parameters:
    ///   - png: The parts of the file.
    ///   - bytes: The whole file.
    ///   - layout: What `pixels` is to hold.
    ///   - pixels: Receives the rows; exactly `layout.byteCount` bytes. Their content is
    ///     unspecified where the file was declined.
    ///   - checkpoint: Asked before each band of rows, but not while the stream is inflated.
    /// - Returns: False if the file is not for this reader.
    /// - Throws: What the checkpoint throws.
    static func decode(
        _ png: PlainPNG, from bytes: borrowing Span<UInt8>, as layout: PixelLayout,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(Interruption) -> Bool {
        let header = png.header
        let format = header.pixelFormat(hasTransparency: png.transparency != nil)
        guard layout == PixelLayout(size: header.size, format: format),
            pixels.byteCount == layout.byteCount
        else { return false }
        let expansion = PixelExpansion(png, in: bytes)
        return unsafe try bytes.withUnsafeBytes { bytes throws(Interruption) in
            unsafe try pixels.withUnsafeMutableBytes { pixels throws(Interruption) in
                try PNGWorkspace.borrow { workspace throws(Interruption) in
                    guard let rows = unsafe workspace.inflate(png, from: bytes),
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

extension PNGWorkspace {
    /// Inflates all rows of an image; nil if its stream is not exactly they.
    fileprivate func inflate(
        _ png: PlainPNG, from bytes: UnsafeRawBufferPointer
    ) -> FilteredRows? {
        guard let byteCount = png.header.filteredByteCount,
            let stream = unsafe joined(png.imageData, of: bytes),
            unsafe Self.mayHold(byteCount, stream: stream),
            let rows = unsafe filtered.bytes(byteCount),
            unsafe inflate(
                stream, filling: UnsafeMutableRawBufferPointer(start: rows, count: byteCount))
        else { return nil }
        return unsafe FilteredRows(
            start: rows, bytesPerRow: png.header.bytesPerRow,
            bytesPerPixel: png.header.bytesPerPixel)
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
