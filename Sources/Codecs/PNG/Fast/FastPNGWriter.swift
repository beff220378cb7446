internal import Images
internal import Profiling

/// Writes PNG files without interlacing: filters chosen by vectorised sums, compressed by libdeflate.
@safe
struct FastPNGWriter {
    /// Below so many filtered bytes ``Repetition/copies(step:)`` makes icons and photographs smaller
    /// than the levels of ``Compression/balanced`` and ``Compression/trial``, in a third of the time.
    private static let fewestBytesForLevels = 256 << 10

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
                case .fast: return try writer.encode(by: .trial, ifWithin: 90)
                case .balanced: return try writer.encode(by: .balanced, ifWithin: 99)
                case .small: return try writer.encodeSmall(hasProfile: hasProfile)
                }
            }
        }
    }

    private let pixels: UnsafePointer<UInt8>
    private let layout: PixelLayout
    private let metadataChunks: [UInt8]
    private let workspace: PNGWorkspace
    private let checkpoint: Checkpoint

    /// Encodes without trials of forms and filters.
    ///
    /// - Parameters:
    ///   - compression: For large images in which it finds more than ``QuickDeflater``.
    ///   - percentage: How many bytes it may take of those that the quick one takes, at most, to be
    ///     worth its time.
    /// - Returns: The file.
    /// - Throws: As ``write(_:as:effort:metadataChunks:hasProfile:checkpoint:)``.
    private func encode(
        by compression: Compression, ifWithin percentage: Int
    ) throws(CodecError) -> [UInt8] {
        let form = StoredForm(of: layout)
        let rows = unsafe try filteredRows(form, .usual(for: form.header))
        guard rows.count >= Self.fewestBytesForLevels else {
            let copies = Repetition.copies(step: form.header.bytesPerPixel)
            return unsafe try file(form, rows, .quick(copies))
        }
        let isWorthIt = unsafe try isWorth(compression, within: percentage, of: rows)
        return unsafe try file(form, rows, isWorthIt ? compression : .quick(.runs))
    }

    /// Tries both compressions on a few parts of the rows: in drawings and text there are copies
    /// without which they get several times larger, in photographs little but runs.
    private func isWorth(
        _ compression: Compression, within percentage: Int, of rows: UnsafeBufferPointer<UInt8>
    ) throws(CodecError) -> Bool {
        let partByteCount = 32 << 10
        var (quick, better) = (0, 0)
        for quarter in 1...3 {
            let start = rows.count / 4 * quarter
            let part = unsafe UnsafeBufferPointer(rebasing: rows[start..<start + partByteCount])
            quick += unsafe try deflated(part, .quick(.runs)).count
            better += unsafe try deflated(part, compression).count
        }
        return better * 100 <= quick * percentage
    }

    /// Tries forms and filters with little effort, and encodes the best with much.
    private func encodeSmall(hasProfile: Bool) throws(CodecError) -> [UInt8] {
        let forms = unsafe ColorReduction.forms(of: pixels, layout: layout, hasProfile: hasProfile)
        var best = (form: forms[0], strategy: FilterStrategy.usual(for: forms[0].header))
        var fewest = Int.max
        for form in forms {
            for strategy in FilterStrategy.candidates(for: form.header) {
                let rows = unsafe try filteredRows(form, strategy)
                let byteCount = unsafe try deflated(rows, .trial).count + form.paletteByteCount
                if byteCount < fewest { (best, fewest) = ((form, strategy), byteCount) }
            }
        }
        return unsafe try file(best.form, filteredRows(best.form, best.strategy), .smallest)
    }

    private func file(
        _ form: StoredForm, _ rows: UnsafeBufferPointer<UInt8>, _ compression: Compression
    ) throws(CodecError) -> [UInt8] {
        let stream = unsafe try deflated(rows, compression)
        var file = form.headerChunks(with: metadataChunks)
        unsafe file.append(imageData: stream)
        file.append(chunk: .end, [])
        return file
    }

    /// All rows in the workspace, filtered.
    private func filteredRows(
        _ form: StoredForm, _ strategy: FilterStrategy
    ) throws(CodecError) -> UnsafeBufferPointer<UInt8> {
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
            switch strategy {
            case .leastSum: unsafe choice.filter(row, above: above, to: output)
            case .only(let filter): unsafe choice.apply(filter, to: row, above: above, output)
            }
            unsafe above = unsafe row
        }
        return unsafe UnsafeBufferPointer(start: filtered, count: byteCount)
    }

    /// A zlib stream in the workspace.
    private func deflated(
        _ rows: UnsafeBufferPointer<UInt8>, _ compression: Compression
    ) throws(CodecError) -> UnsafeRawBufferPointer {
        let stream: UnsafeRawBufferPointer?
        do throws(Interruption) {
            unsafe stream =
                switch compression {
                case .quick(let repetition):
                    unsafe try workspace.deflateQuickly(
                        rows, repeating: repetition, checkpoint: checkpoint)
                case .level(let level):
                    unsafe workspace.deflate(UnsafeRawBufferPointer(rows), level: level)
                }
        } catch {
            throw .interrupted(error)
        }
        guard let stream = unsafe stream else { throw Self.outOfMemory(rows.count) }
        return unsafe stream
    }

    private func check() throws(CodecError) {
        do throws(Interruption) { try checkpoint.check() } catch { throw .interrupted(error) }
    }

    private static func outOfMemory(_ byteCount: Int) -> CodecError {
        .libraryFailed("no memory to compress \(byteCount) bytes")
    }
}
