internal import Images
internal import Profiling

/// Resamples an image to another size.
struct ResizeOperation: SampleRowOperation {
    let source: PixelLayout
    let result: PixelLayout
    private let fast: Resampling<Int16>?
    private let precise: Resampling<Float>?

    init(
        source: PixelLayout, result: PixelLayout, columns: [Taps], rows: [Taps], isLinear: Bool
    ) {
        self.source = source
        self.result = result
        // Each product of 16 bits is cut, so that the errors of very many would show; and where
        // the border cuts a kernel, what is left may overshoot what 16 bits hold.
        let fits = (rows + columns).map(\.weights).allSatisfy { weights in
            weights.count <= 96 && weights.allSatisfy { $0.magnitude <= 1 }
        }
        let isPrecise =
            isLinear || source.format.bitsPerSample == 16 || !fits
            || rows.gain * columns.gain > 1.99
        let room = ScratchMemory.room(for: source, result)
        fast =
            isPrecise
            ? nil
            : Resampling(
                source: source, result: result, columns: columns, rows: rows, isLinear: false,
                room: room)
        precise =
            isPrecise
            ? Resampling(
                source: source, result: result, columns: columns, rows: rows, isLinear: isLinear,
                room: room)
            : nil
    }

    var scratchByteCount: Int { fast?.scratchByteCount ?? precise?.scratchByteCount ?? 0 }

    var blockHeight: Int { fast?.bandCount ?? precise?.bandCount ?? 1 }
    var mayReplaceSource: Bool { true }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        fast?.sourceRows(for: rows) ?? precise?.sourceRows(for: rows) ?? rows
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        try fast?.run(
            rows: rows, source, into: result, scratch: &scratch, checkpoint: checkpoint)
        try precise?.run(
            rows: rows, source, into: result, scratch: &scratch, checkpoint: checkpoint)
    }
}

extension [Taps] {
    /// By how much white may grow at most in a sum.
    fileprivate var gain: Double {
        map { $0.weights.reduce(0) { $0 + $1.magnitude } }.max() ?? 1
    }
}
