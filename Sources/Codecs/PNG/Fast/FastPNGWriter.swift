internal import Images
internal import Profiling

/// Writes PNG files without interlacing: filters chosen by vectorised sums, compressed by libdeflate
/// or ``QuickDeflater``, large images in bands.
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
    ///   - checkpoint: Asked every 16 rows, and between bands while they are compressed.
    ///   - bandLimit: The most bytes of a band; it is the effort's but for tests.
    /// - Returns: The bytes of the file.
    /// - Throws: ``CodecError/interrupted(_:)``, or ``CodecError/libraryFailed(_:)`` where there is
    ///   no memory.
    static func write(
        _ pixels: RawSpan, as layout: PixelLayout, effort: EncodeOptions.PNGEffort,
        metadataChunks: [UInt8], hasProfile: Bool, checkpoint: Checkpoint, bandLimit: Int? = nil
    ) throws(CodecError) -> [UInt8] {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        return unsafe try pixels.withUnsafeBytes { pixels throws(CodecError) in
            guard let start = unsafe pixels.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
                preconditionFailure("a layout has at least one byte")
            }
            return try PNGWorkspace.borrow { workspace throws(CodecError) in
                let writer = unsafe FastPNGWriter(
                    pixels: start, layout: layout, metadataChunks: metadataChunks,
                    workspace: workspace, checkpoint: checkpoint,
                    bandLimit: bandLimit ?? Self.bandLimit(for: effort))
                switch effort {
                case .fast: return try writer.encode(by: .trial, ifWithin: 90)
                case .balanced: return try writer.encode(by: .balanced, ifWithin: 99)
                case .small: return try writer.encodeSmall(hasProfile: hasProfile)
                }
            }
        }
    }

    /// The most bytes that are compressed without a look at the checkpoint.
    ///
    /// On photographs both take 0.8 s. Each band costs a walk over its blocks, 8 % of the time that
    /// level 5 takes and 0.5 % of that of level 10, but for the last one.
    private static func bandLimit(for effort: EncodeOptions.PNGEffort) -> Int {
        switch effort {
        case .fast, .balanced: 64 << 20
        case .small: 4 << 20
        }
    }

    private let pixels: UnsafePointer<UInt8>
    private let layout: PixelLayout
    private let metadataChunks: [UInt8]
    private let workspace: PNGWorkspace
    private let checkpoint: Checkpoint
    private let bandLimit: Int

    /// Encodes without trials of forms and filters.
    ///
    /// - Parameters:
    ///   - compression: For large images in which it finds more than ``QuickDeflater``.
    ///   - percentage: How many bytes it may take of those that the quick one takes, at most, to be
    ///     worth its time.
    /// - Returns: The file.
    /// - Throws: As ``write(_:as:effort:metadataChunks:hasProfile:checkpoint:bandLimit:)``.
    private func encode(
        by compression: Compression, ifWithin percentage: Int
    ) throws(CodecError) -> [UInt8] {
        let form = StoredForm(of: layout)
        return try file(
            form, .usual(for: form.header), by: compression, ifWithin: percentage)
    }

    /// Tries both compressions on a few parts of a band: in drawings and text there are copies
    /// without which they get several times larger, in photographs little but runs.
    private func isWorth(
        _ compression: Compression, within percentage: Int, of rows: UnsafeBufferPointer<UInt8>,
        in stream: ZlibStream
    ) throws(CodecError) -> Bool {
        let partByteCount = 32 << 10
        var (quick, better) = (0, 0)
        for quarter in 1...3 {
            let start = rows.count / 4 * quarter
            let part = unsafe UnsafeBufferPointer(rebasing: rows[start..<start + partByteCount])
            quick += unsafe try stream.trialByteCount(of: part, by: .quick(.runs))
            better += unsafe try stream.trialByteCount(of: part, by: compression)
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
                let byteCount = try trialByteCount(form, strategy)
                if byteCount < fewest { (best, fewest) = ((form, strategy), byteCount) }
            }
        }
        return try file(best.form, best.strategy, by: .smallest, ifWithin: nil)
    }

    /// The bytes of the file with little effort, about.
    private func trialByteCount(
        _ form: StoredForm, _ strategy: FilterStrategy
    ) throws(CodecError) -> Int {
        let bands = RowBands(form.header, limit: bandLimit)
        let stream = try stream(for: bands)
        var byteCount = form.paletteByteCount
        for band in 0..<bands.count {
            let rows = unsafe try filtered(bands.rows(of: band), form, strategy)
            byteCount += unsafe try stream.trialByteCount(of: rows, by: .trial)
        }
        return byteCount
    }

    /// The whole file.
    ///
    /// - Parameters:
    ///   - form: How the pixels are stored.
    ///   - strategy: How they are filtered.
    ///   - compression: How bands are compressed.
    ///   - percentage: How many bytes that may take of those that ``QuickDeflater`` takes, at most,
    ///     where it is not worth its time; nil where it always is.
    /// - Returns: The bytes.
    /// - Throws: As ``encode(by:ifWithin:)``.
    private func file(
        _ form: StoredForm, _ strategy: FilterStrategy, by compression: Compression,
        ifWithin percentage: Int?
    ) throws(CodecError) -> [UInt8] {
        let bands = RowBands(form.header, limit: bandLimit)
        var stream = try stream(for: bands)
        for band in 0..<bands.count {
            let rows = unsafe try filtered(bands.rows(of: band), form, strategy)
            var chosen = compression
            if rows.count < Self.fewestBytesForLevels, percentage != nil {
                chosen = .quick(.copies(step: form.header.bytesPerPixel))
            } else if let percentage,
                unsafe try !isWorth(compression, within: percentage, of: rows, in: stream)
            {
                chosen = .quick(.runs)
            }
            unsafe try stream.append(rows, by: chosen, isLast: band == bands.count - 1)
        }
        var file = form.headerChunks(with: metadataChunks)
        unsafe file.append(imageData: stream.finish())
        file.append(chunk: .end, [])
        return file
    }

    private func stream(for bands: RowBands) throws(CodecError) -> ZlibStream {
        guard
            let stream = ZlibStream(
                pieceCount: bands.pieceCount, largestPiece: bands.largestPiece, in: workspace,
                checkpoint: checkpoint)
        else {
            throw .libraryFailed("no memory to compress \(layout.byteCount) bytes")
        }
        return stream
    }

    /// Some rows in the workspace, filtered.
    private func filtered(
        _ rows: Range<Int>, _ form: StoredForm, _ strategy: FilterStrategy
    ) throws(CodecError) -> UnsafeBufferPointer<UInt8> {
        let bytesPerRow = form.header.bytesPerRow
        let byteCount = rows.count * (bytesPerRow + 1)
        guard let filtered = unsafe workspace.filtered.bytes(byteCount),
            let scratch = unsafe workspace.rows.bytes(2 * bytesPerRow)
        else { throw .libraryFailed("no memory to filter \(byteCount) bytes") }
        // Above the first row are zeros.
        unsafe scratch.update(repeating: 0, count: bytesPerRow)
        var above = unsafe UnsafePointer(scratch)
        if rows.lowerBound > 0 { unsafe above = stored(rows.lowerBound - 1, form, scratch) }

        let choice = RowFilterChoice(
            bytesPerRow: bytesPerRow, bytesPerPixel: form.header.bytesPerPixel)
        var output = unsafe filtered
        for y in rows {
            if y % Self.rowsPerCheck == 0 { try check() }
            let row = unsafe stored(y, form, scratch)
            switch strategy {
            case .leastSum: unsafe choice.filter(row, above: above, to: output)
            case .only(let filter): unsafe choice.apply(filter, to: row, above: above, output)
            }
            unsafe output += bytesPerRow + 1
            unsafe above = row
        }
        return unsafe UnsafeBufferPointer(start: filtered, count: byteCount)
    }

    /// A row as it is stored: where it lies in memory, or packed into one of two rows that take turns.
    private func stored(
        _ y: Int, _ form: StoredForm, _ scratch: UnsafeMutablePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        let row = unsafe pixels + y * layout.bytesPerRow
        if form.isAsInMemory { return unsafe row }
        // The first goes below the zeros.
        let packed = unsafe scratch + (y % 2 == 0 ? form.header.bytesPerRow : 0)
        unsafe form.pack(row, as: layout, to: packed)
        return unsafe UnsafePointer(packed)
    }

    private func check() throws(CodecError) {
        do throws(Interruption) { try checkpoint.check() } catch { throw .interrupted(error) }
    }
}
