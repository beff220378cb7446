internal import Images
internal import Profiling

/// Writes PNG files without interlacing: filters chosen by vectorised sums, compressed by libdeflate.
@safe
struct FastPNGWriter {
    /// The rows between two looks at the checkpoint.
    private static let rowsPerCheck = 16

    /// Encodes pixels to a whole file.
    ///
    /// The bytes depend on the arguments alone: not on the processor, and not on other threads.
    ///
    /// - Parameters:
    ///   - pixels: The rows of `layout`.
    ///   - layout: What the bytes of `pixels` mean.
    ///   - effort: How much time the compression may cost.
    ///   - metadataChunks: Whole chunks, which come right after the header.
    ///   - hasProfile: Whether one of them is an ICC profile.
    ///   - checkpoint: Asked every 16 rows, but not while all rows are compressed.
    /// - Returns: The bytes of the file.
    /// - Throws: ``CodecError/interrupted(_:)``, or ``CodecError/libraryFailed(_:)`` where there is
    ///   no memory.
    static func write(
        _ pixels: RawSpan, as layout: PixelLayout, effort: EncodeOptions.PNGEffort,
        metadataChunks: [UInt8], hasProfile: Bool, checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8] {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        return unsafe try pixels.withUnsafeBytes { pixels throws(CodecError) in
            guard let start = unsafe pixels.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
                preconditionFailure("a layout has at least one byte")
            }
            return try PNGWorkspace.borrow { workspace throws(CodecError) in
                let writer = unsafe FastPNGWriter(
                    pixels: start, layout: layout, metadataChunks: metadataChunks,
                    workspace: workspace, checkpoint: checkpoint)
                switch effort {
                case .fast: return try writer.encode(StoredForm(of: layout), level: nil)
                case .balanced: return try writer.encode(StoredForm(of: layout), level: 5)
                case .small: return try writer.encodeSmallest(hasProfile: hasProfile)
                }
            }
        }
    }

    private let pixels: UnsafePointer<UInt8>
    private let layout: PixelLayout
    private let metadataChunks: [UInt8]
    private let workspace: PNGWorkspace
    private let checkpoint: Checkpoint

    private func encodeSmallest(hasProfile: Bool) throws(CodecError) -> [UInt8] {
        var smallest: [UInt8] = []
        let forms = unsafe ColorReduction.forms(
            of: pixels, layout: layout, hasProfile: hasProfile)
        for form in forms {
            let file = try encode(form, level: 9)
            if smallest.isEmpty || file.count < smallest.count { smallest = file }
        }
        return smallest
    }

    /// Encodes in one form, quickly if `level` is nil.
    private func encode(_ form: StoredForm, level: Int?) throws(CodecError) -> [UInt8] {
        let rows = unsafe try filteredRows(form)
        guard let stream = unsafe try deflated(rows, level: level) else {
            throw Self.outOfMemory(rows.count)
        }
        var file = form.headerChunks(with: metadataChunks)
        unsafe file.append(imageData: stream)
        file.append(chunk: .end, [])
        return file
    }

    /// All rows in the workspace, filtered.
    private func filteredRows(_ form: StoredForm) throws(CodecError) -> UnsafeBufferPointer<UInt8> {
        let header = form.header
        let bytesPerRow = header.bytesPerRow
        // Where rows are stored as they lie in memory only the zeros above the first are needed.
        guard let byteCount = header.filteredByteCount,
            let filtered = unsafe workspace.filtered.bytes(byteCount),
            let scratch = unsafe workspace.rows.bytes(2 * bytesPerRow)
        else { throw Self.outOfMemory(header.filteredByteCount ?? .max) }
        unsafe scratch.update(repeating: 0, count: 2 * bytesPerRow)

        let choice = RowFilterChoice(
            bytesPerRow: bytesPerRow, bytesPerPixel: header.bytesPerPixel)
        var above = unsafe UnsafePointer(scratch)
        for y in 0..<layout.height {
            if y % Self.rowsPerCheck == 0 { try check() }
            var row = unsafe pixels + y * layout.bytesPerRow
            if !form.isAsInMemory {
                // Two rows take turns; the first goes below the zeros.
                let packed = unsafe scratch + (y % 2 == 0 ? bytesPerRow : 0)
                unsafe form.pack(row, as: layout, to: packed)
                unsafe row = unsafe UnsafePointer(packed)
            }
            let output = unsafe filtered + y * (bytesPerRow + 1)
            // Neighbours in a palette or within a byte predict nothing (clause 12.7).
            if header.colorType == .palette || header.bitDepth < 8 {
                unsafe choice.apply(.none, to: row, above: above, output)
            } else {
                unsafe choice.filter(row, above: above, to: output)
            }
            unsafe above = unsafe row
        }
        return unsafe UnsafeBufferPointer(start: filtered, count: byteCount)
    }

    private func deflated(
        _ rows: UnsafeBufferPointer<UInt8>, level: Int?
    ) throws(CodecError) -> UnsafeRawBufferPointer? {
        if let level {
            return unsafe workspace.deflate(UnsafeRawBufferPointer(rows), level: level)
        }
        do throws(Interruption) {
            return unsafe try workspace.deflateQuickly(rows, checkpoint: checkpoint)
        } catch {
            throw .interrupted(error)
        }
    }

    private func check() throws(CodecError) {
        do throws(Interruption) { try checkpoint.check() } catch { throw .interrupted(error) }
    }

    private static func outOfMemory(_ byteCount: Int) -> CodecError {
        .libraryFailed("no memory to compress \(byteCount) bytes")
    }
}
