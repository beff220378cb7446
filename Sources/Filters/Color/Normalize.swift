internal import Images
internal import Profiling

/// Stretches the range that the image uses over the whole one.
struct Normalize: Filter {
    static let definition = FilterDefinition(
        "normalize", "stretches the range so that a share of luma is cut at each end",
        keys: [
            FilterParameter("clip", "the share, in percent", .number(0...49), default: "0.5")
        ], example: "normalize:clip=1"
    ) { arguments throws(FilterError) in Normalize(clip: arguments.number("clip") / 100) }

    let name = "normalize"
    let clip: Double

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        NormalizeOperation(source: source, clip: clip)
    }
}

/// Finds a straight line from samples to samples, the same for all colour channels, and applies it
/// in place.
private struct NormalizeOperation: SampleOperation {
    let source: PixelLayout
    let clip: Double

    var result: PixelLayout { source }
    var worksInPlace: Bool { true }

    private var ranges: LevelRanges { LumaHistogram<UInt16>.ranges(for: source) }

    /// Of an image with fewer samples than a table has entries, each sample is computed.
    private var hasTable: Bool {
        source.samplesPerRow * source.height >= 1 << source.format.bitsPerSample
    }

    /// The histogram is not needed any more when the table is made.
    var scratchByteCount: Int {
        max(
            LumaHistogram<UInt16>.scratchByteCount(for: source, ranges: ranges),
            hasTable
                ? ScratchMemory.byteCount(1 << source.format.bitsPerSample, of: UInt16.self) : 0)
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        var passing = scratch
        let histogram = try LumaHistogram(
            of: source, self.source, ranges: ranges, scratch: &passing, checkpoint: checkpoint)
        let (low, high) = try used(histogram, checkpoint)
        guard low < high else { return }
        let scale = Sample.white / Double(high - low)
        let offset = -Double(low) * scale
        let channelCount = self.source.format.channelCount
        guard hasTable else {
            for y in 0..<source.count {
                try checkpoint.check(atRow: y)
                source[y].replaceColors(channelCount: channelCount) {
                    Sample(rounding: Double($0) * scale + offset)
                }
            }
            return
        }
        let table: Row<UInt16> = scratch.take(1 << Sample.bitWidth)
        for value in 0..<table.count {
            table[value] = UInt16(Sample(rounding: Double(value) * scale + offset))
        }
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            source[y].replace(by: table, channelCount: channelCount)
        }
    }

    /// The lumas that become black and white: so many pixels are darker and brighter as are cut at
    /// each end.
    private func used<Sample>(
        _ histogram: LumaHistogram<Sample>, _ checkpoint: Checkpoint
    ) throws(Interruption) -> (low: Int, high: Int) {
        let clipped = Int((clip * Double(histogram.pixelCount)).rounded(.down))
        var (low, high) = (0, 0)
        var rest = histogram.pixelCount
        try histogram.forEachLuma(checkpoint) { luma, count in
            if rest > clipped { high = luma }
            rest -= count
            if histogram.pixelCount - rest <= clipped { low = luma + 1 }
        }
        return (low, high)
    }
}
