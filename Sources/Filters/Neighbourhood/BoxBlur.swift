internal import Images
internal import Profiling

/// Replaces each sample by the mean of a square window.
struct BoxBlur: Filter {
    static let definition = FilterDefinition(
        "box-blur", "the mean of a square window of 2·radius + 1 pixels",
        value: FilterParameter("radius", "in pixels", .integer(0...1000)), example: "box-blur:10"
    ) { arguments throws(FilterError) in BoxBlur(radius: arguments.integer("radius")) }

    let name = "box-blur"
    let radius: Int

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        radius == 0
            ? nil : BoxBlurOperation(source: source, radius: radius, isLinear: context.isLinear)
    }
}

/// Keeps the sums of the window's columns, and moves the window along a row of them: the time does
/// not depend on the radius.
private struct BoxBlurOperation: SampleOperation {
    let source: PixelLayout
    let radius: Int
    let isLinear: Bool

    var result: PixelLayout { source }

    var scratchByteCount: Int { source.samplesPerRow * 16 + 256 }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let format = WorkingFormat(of: self.source.format, isLinear: isLinear)
        let channelCount = self.source.format.channelCount
        let count = source.elementsPerRow
        let prepared: Row<Float> = scratch.take(count)
        let means: Row<Float> = scratch.take(count)
        let columns: Row<Double> = scratch.take(count)
        columns.fill(with: 0)
        func add(_ y: Int, _ sign: Double) {
            format.prepare(source.nearest(y), into: prepared)
            for x in 0..<count { columns[x] += sign * Double(prepared[x]) }
        }
        for y in -radius...radius { add(y, 1) }
        let area = Double((2 * radius + 1) * (2 * radius + 1))
        let width = count / channelCount
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            if y > 0 {
                add(y + radius, 1)
                add(y - radius - 1, -1)
            }
            for channel in 0..<channelCount {
                func column(_ x: Int) -> Double {
                    columns[min(max(x, 0), width - 1) * channelCount + channel]
                }
                var sum = 0.0
                for x in -radius...radius { sum += column(x) }
                for x in 0..<width {
                    if x > 0 { sum += column(x + radius) - column(x - radius - 1) }
                    means[x * channelCount + channel] = Float(sum / area)
                }
            }
            format.finish(means, into: result[y])
        }
    }
}
