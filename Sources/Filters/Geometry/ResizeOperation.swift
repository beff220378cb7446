internal import Images
internal import Profiling

/// Resamples columns, then rows.
///
/// Prepared source rows are kept in a ring as long as a result row needs them. A result row is the
/// weighted sum of some of them, and is then summed along itself.
struct ResizeOperation: SampleOperation {
    let source: PixelLayout
    let result: PixelLayout
    private let columns: [ResamplingTaps]
    private let rows: [ResamplingTaps]
    private let format: WorkingFormat

    /// Whether 8-bit samples are summed as `Float` too.
    private let isPrecise: Bool

    /// The prepared rows in the ring.
    private let ringCount: Int

    init(
        source: PixelLayout, result: PixelLayout, columns: [ResamplingTaps],
        rows: [ResamplingTaps], isLinear: Bool
    ) {
        self.source = source
        self.result = result
        self.columns = columns
        self.rows = rows
        format = WorkingFormat(of: source.format, isLinear: isLinear)
        ringCount = rows.map(\.weights.count).max() ?? 0
        // Each product of 16 bits is cut, so that the errors of very many would show; and where
        // the border cuts a kernel, what is left may overshoot what 16 bits hold.
        let all = (rows + columns).map(\.weights)
        let fits = all.allSatisfy { weights in
            weights.count <= 96 && weights.allSatisfy { $0.magnitude <= 1 }
        }
        isPrecise = isLinear || !fits || rows.gain * columns.gain > 1.99
    }

    var scratchByteCount: Int {
        let size = source.format.bitsPerSample == 16 || isPrecise ? 4 : 2
        return (ringCount + 2) * max(source.samplesPerRow, result.samplesPerRow) * size + 256
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        if isPrecise {
            try run(source, result, Float.self, &scratch, checkpoint)
        } else {
            try run(source, result, Sample.Working.self, &scratch, checkpoint)
        }
    }

    private func run<Sample: PixelSample, Working: WorkingSample>(
        _ source: Rows<Sample>, _ result: Rows<Sample>, _ working: Working.Type,
        _ scratch: inout ScratchMemory, _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let ring: Rows<Working> = scratch.takeRows(
            ringCount, elementsPerRow: source.elementsPerRow)
        let sum: Row<Working> = scratch.take(source.elementsPerRow)
        let target: Row<Working> = scratch.take(result.elementsPerRow)
        let channelCount = self.source.format.channelCount
        let horizontal = columns.map { Working.quantized($0.weights) }
        var prepared = 0
        for (y, taps) in rows.enumerated() {
            try checkpoint.check(atRow: y)
            let end = taps.start + taps.weights.count
            prepared = max(prepared, taps.start)
            while prepared < end {
                try checkpoint.check(atRow: prepared)
                format.prepare(source[prepared], into: ring[prepared % ringCount])
                prepared += 1
            }
            WeightedSum<Working>(weights: taps.weights)
                .write(to: sum) { ring[(taps.start + $0) % ringCount] }
            for (x, taps) in columns.enumerated() {
                let scale = horizontal[x]
                for channel in 0..<channelCount {
                    var total = scale.bias
                    for (index, weight) in scale.weights.enumerated() {
                        let sample = sum[(taps.start + index) * channelCount + channel]
                        total = Working.sum(total, Working.product(sample, weight))
                    }
                    target[x * channelCount + channel] = Working.settled(total, shift: scale.shift)
                }
            }
            format.finish(target, into: result[y])
        }
    }
}

extension [ResamplingTaps] {
    /// By how much white may grow at most in a sum.
    fileprivate var gain: Double {
        map { $0.weights.reduce(0) { $0 + $1.magnitude } }.max() ?? 1
    }
}
