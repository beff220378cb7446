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
        ToneOperation(source: source) { histogram in
            let clipped = Int((self.clip * Double(histogram.pixelCount)).rounded(.down))
            let highest = histogram.counts.count - 1
            var (low, high) = (0, highest)
            var passed = Int(histogram.counts[0])
            while low < highest && passed <= clipped {
                low += 1
                passed += Int(histogram.counts[low])
            }
            passed = Int(histogram.counts[highest])
            while high > 0 && passed <= clipped {
                high -= 1
                passed += Int(histogram.counts[high])
            }
            guard low < high else { return Tone(scale: 1, offset: 0) }
            let scale = Double(highest) / Double(high - low)
            return Tone(scale: scale, offset: -Double(low) * scale)
        }
    }
}

/// A straight line from samples to samples, the same for all colour channels.
private struct Tone {
    let scale: Double
    let offset: Double
}

/// Finds a line from the histogram and applies it in place, as a table.
private struct ToneOperation: SampleOperation {
    let source: PixelLayout
    let tone: @Sendable (LumaHistogram) -> Tone

    var result: PixelLayout { source }
    var worksInPlace: Bool { true }

    var scratchByteCount: Int {
        LumaHistogram.scratchByteCount(for: source)
            + ScratchMemory.byteCount(1 << source.format.bitsPerSample, of: UInt16.self)
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let histogram = try LumaHistogram(
            of: source, self.source, scratch: &scratch, checkpoint: checkpoint)
        let tone = tone(histogram)
        let table: Row<UInt16> = scratch.take(histogram.counts.count)
        for value in 0..<table.count {
            table[value] = UInt16(
                Sample(rounding: Double(value) * tone.scale + tone.offset))
        }
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            source[y].replace(by: table, channelCount: self.source.format.channelCount)
        }
    }
}
