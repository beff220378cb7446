internal import Images
internal import Profiling

/// An operation that makes its result from the top, a block of rows at a time, each from rows of
/// the source nearby: such operations can take turns, band by band.
///
/// What it keeps from block to block, as a ring of rows, lies in its scratch memory.
protocol RowOperation: Operation {
    /// How many rows of the result are made together; all blocks begin at a multiple of it.
    ///
    /// Rows are always asked for in whole blocks, so that a result does not depend on how an image
    /// is cut into bands.
    var blockHeight: Int { get }

    /// The rows of the source that are read for some blocks of the result, after all blocks above
    /// were made.
    ///
    /// Neither end ever lies above one for blocks further up.
    func sourceRows(for rows: Range<Int>) -> Range<Int>

    /// Whether each block, in the order of its samples, is read before it is written, so that the
    /// result may take the place of source rows that no later block reads.
    var mayReplaceSource: Bool { get }

    /// Makes some blocks of the result.
    ///
    /// It is called with ranges that follow each other, from row 0 on, and always finds the same
    /// scratch memory. It calls `checkpoint.check()` at least every 16 rows.
    func run(
        rows: Range<Int>, from source: ImageMemory, to result: ImageMemory,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption)
}

extension RowOperation {
    var blockHeight: Int { 1 }
    var mayReplaceSource: Bool { false }
    func sourceRows(for rows: Range<Int>) -> Range<Int> { rows }

    func run(
        from source: ImageMemory, to result: ImageMemory, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) -> PixelLayout {
        try run(
            rows: 0..<self.result.height, from: source, to: result, scratch: &scratch,
            checkpoint: checkpoint)
        return self.result
    }

    /// The rows around `rows` that a window reaches.
    ///
    /// - Parameters:
    ///   - rows: Rows of the result, which is as high as the source.
    ///   - above: The rows above that are read again; negative where rows below were read before.
    ///   - below: The rows below that the window reaches.
    /// - Returns: Those of them that are in the source.
    func window(around rows: Range<Int>, above: Int, below: Int) -> Range<Int> {
        let start = rows.lowerBound == 0 ? 0 : rows.lowerBound - above
        return min(max(start, 0), source.height)..<min(rows.upperBound + below, source.height)
    }
}

/// A row operation whose code is the same for both bit depths and leaves the depth as it is.
protocol SampleRowOperation: RowOperation {
    /// Makes some blocks of the result from samples of one depth.
    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption)
}

extension SampleRowOperation {
    @inline(__always)
    func run(
        rows: Range<Int>, from source: ImageMemory, to result: ImageMemory,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        if self.source.format.bitsPerSample == 8 {
            try run(
                rows: rows, from: source.rows(of: UInt8.self), to: result.rows(),
                scratch: &scratch, checkpoint: checkpoint)
        } else {
            try run(
                rows: rows, from: source.rows(of: UInt16.self), to: result.rows(),
                scratch: &scratch, checkpoint: checkpoint)
        }
    }
}
