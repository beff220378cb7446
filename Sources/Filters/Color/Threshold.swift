internal import Images
internal import Profiling

/// Makes each pixel black or white.
struct Threshold: Filter {
    static let definition = FilterDefinition(
        "threshold", "white where luma is at least the level, else black; gray output",
        value: FilterParameter(
            "level", "from 0 to 1, or the one that separates the histogram best (N. Otsu, 1979)",
            .text("a number from 0 to 1, or otsu")),
        example: "threshold:0.5"
    ) { arguments throws(FilterError) in
        if arguments["level"] == "otsu" { return Threshold(level: nil) }
        guard let level = FilterParameter.number(arguments["level"]), (0...1).contains(level)
        else { throw arguments.invalid("level") }
        return Threshold(level: level)
    }

    let name = "threshold"

    /// Nil for Otsu's.
    private let level: Double?

    private init(level: Double?) {
        self.level = level
    }

    func resultFormat(for format: PixelFormat) -> PixelFormat { format.withoutColor }

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        let operation = ThresholdOperation(
            source: source,
            result: try context.layout(
                width: source.width, height: source.height,
                format: resultFormat(for: source.format), for: name),
            level: level ?? 0)
        return level == nil ? OtsuOperation(threshold: operation) : operation
    }
}

private struct ThresholdOperation: SampleRowOperation {
    let source: PixelLayout
    let result: PixelLayout
    let level: Double

    /// A loop over one row of gray that is read and written would not become vector code.
    var mayReplaceSource: Bool { source.format.channelCount > 1 }

    var scratchByteCount: Int {
        source.format.isColor ? ColorPlanes<UInt16>.scratchByteCount(width: source.width) : 0
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        try run(
            rows: rows, from: source, to: result, scratch: &scratch, checkpoint: checkpoint,
            least: UInt32((level * Sample.white * 65536).rounded(.up)))
    }

    /// Compares with the luma itself, in 65536ths of a level, not what it would be rounded to.
    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint, least: UInt32
    ) throws(Interruption) {
        let format = self.source.format
        let channelCount = format.channelCount
        let planes =
            format.isColor
            ? ColorPlanes<Sample>(width: self.source.width, scratch: &scratch) : nil
        for y in rows {
            try checkpoint.check(atRow: y)
            let samples = source[y]
            if let planes {
                planes.split(samples, channelCount: channelCount)
                compare(samples, least, into: result[y]) {
                    Luma.rec709.sum(planes.red[$0], planes.green[$0], planes.blue[$0])
                }
            } else {
                compare(samples, least, into: result[y]) {
                    UInt32(truncatingIfNeeded: samples[$0 &* channelCount]) &<< 16
                }
            }
        }
    }

    @inline(__always)
    private func compare<Sample: PixelSample>(
        _ samples: Row<Sample>, _ least: UInt32, into target: Row<Sample>,
        luma: (_ x: Int) -> UInt32
    ) {
        guard source.format.hasAlpha else {
            for x in 0..<source.width { target[x] = luma(x) >= least ? .max : 0 }
            return
        }
        let channelCount = source.format.channelCount
        for x in 0..<source.width {
            target[2 &* x] = luma(x) >= least ? .max : 0
            target[2 &* x &+ 1] = samples[x &* channelCount &+ channelCount &- 1]
        }
    }
}

/// Finds the level from the histogram of the whole image.
private struct OtsuOperation: SampleOperation {
    let threshold: ThresholdOperation

    var source: PixelLayout { threshold.source }
    var result: PixelLayout { threshold.result }
    private var ranges: LevelRanges { LumaHistogram<UInt16>.ranges(for: source) }
    var scratchByteCount: Int {
        LumaHistogram<UInt16>.scratchByteCount(for: source, ranges: ranges)
            + threshold.scratchByteCount
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let histogram = try LumaHistogram(
            of: source, self.source, ranges: ranges, scratch: &scratch, checkpoint: checkpoint)
        try threshold.run(
            rows: 0..<source.count, from: source, to: result, scratch: &scratch,
            checkpoint: checkpoint, least: UInt32(histogram.otsuThreshold(checkpoint)) << 16 - 32768
        )
    }
}

extension LumaHistogram {
    /// The lowest luma of the brighter class, where the variance between both classes is largest.
    ///
    /// (N. Otsu, "A Threshold Selection Method from Gray-Level Histograms", 1979).
    fileprivate func otsuThreshold(_ checkpoint: Checkpoint) throws(Interruption) -> Int {
        var total = 0.0
        try forEachLuma(checkpoint) { luma, count in total += Double(luma) * Double(count) }
        var best = (threshold: 0, variance: -1.0)
        var (below, sumBelow) = (0.0, 0.0)
        try forEachLuma(checkpoint) { luma, count in
            let above = Double(pixelCount) - below
            if below > 0 && above > 0 {
                let difference = sumBelow / below - (total - sumBelow) / above
                let variance = below * above * difference * difference
                if variance > best.variance { best = (luma, variance) }
            }
            below += Double(count)
            sumBelow += Double(luma) * Double(count)
        }
        return best.variance < 0 ? 1 : best.threshold
    }
}
