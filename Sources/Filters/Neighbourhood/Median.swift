internal import Images
internal import Profiling

/// Replaces each sample by the median of a square window.
struct Median: Filter {
    static let definition = FilterDefinition(
        "median", "the median of a square window of 2·radius + 1 pixels, channel by channel",
        value: FilterParameter("radius", "in pixels", .integer(1...50)), example: "median:2"
    ) { arguments throws(FilterError) in Median(radius: arguments.integer("radius")) }

    let name = "median"
    let radius: Int

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        MedianOperation(source: source, radius: radius)
    }
}

private struct MedianOperation: SampleOperation {
    let source: PixelLayout
    let radius: Int

    var result: PixelLayout { source }

    var scratchByteCount: Int {
        65536 * 4 + 256
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let channelCount = self.source.format.channelCount
        let counts: Row<Int32> = scratch.take(65536)
        let width = source.elementsPerRow / channelCount
        let half = (2 * radius + 1) * (2 * radius + 1) / 2
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            for channel in 0..<channelCount {
                counts.fill(with: 0)
                // The median moves by little from one window to the next (T. Huang, 1979).
                var median = 0
                var below = 0
                func move(_ x: Int, _ change: Int32) {
                    let column = min(max(x, 0), width - 1) * channelCount + channel
                    for row in y - radius...y + radius {
                        let sample = Int(source.nearest(row)[column])
                        counts[sample] += change
                        if sample < median { below += Int(change) }
                    }
                }
                for x in -radius...radius { move(x, 1) }
                for x in 0..<width {
                    if x > 0 {
                        move(x - radius - 1, -1)
                        move(x + radius, 1)
                    }
                    while below > half {
                        median -= 1
                        below -= Int(counts[median])
                    }
                    while below + Int(counts[median]) <= half {
                        below += Int(counts[median])
                        median += 1
                    }
                    result[y][x * channelCount + channel] = Sample(median)
                }
            }
        }
    }
}
