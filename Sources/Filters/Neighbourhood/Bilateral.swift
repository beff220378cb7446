internal import Images
internal import Profiling

/// Blurs what is alike and leaves edges.
struct Bilateral: Filter {
    static let definition = FilterDefinition(
        "bilateral", "a mean weighed by distance and by likeness of colour, which leaves edges",
        keys: [
            FilterParameter(
                "space", "sigma of the distance in pixels; the radius is ⌈2·space⌉",
                .number(0...50, isAboveLowerBound: true), default: "3"),
            FilterParameter(
                "range", "sigma of the distance of colours, in levels of 255",
                .number(0...1000, isAboveLowerBound: true), default: "25"),
        ], example: "bilateral:space=4,range=30"
    ) { arguments throws(FilterError) in
        Bilateral(space: arguments.number("space"), range: arguments.number("range"))
    }

    let name = "bilateral"
    let space: Double
    let range: Double

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        BilateralOperation(source: source, space: space, range: range)
    }
}

/// Eight pixels at a time, whose sums stay in registers while the window goes by.
private struct BilateralOperation: SampleRowOperation {
    let source: PixelLayout
    private let radius: Int

    /// Half the negative inverse square of the sigma: what squared distances are multiplied by.
    private let spaceFactor: Double
    private let likeness: VectorExponential

    init(source: PixelLayout, space: Double, range: Double) {
        self.source = source
        radius = Int((2 * space).rounded(.up))
        spaceFactor = -0.5 / (space * space)
        likeness = VectorExponential(factor: Float(-0.5 / (range * range)))
    }

    var result: PixelLayout { source }

    private var windowCount: Int { 2 * radius + 1 }

    var scratchByteCount: Int {
        PlanarRows.scratchByteCount(for: source, margin: radius, ringCount: windowCount)
            + ScratchMemory.byteCount(
                (source.width + 2 * radius + 8) * source.format.channelCount, of: Float.self)
            + ScratchMemory.byteCount(windowCount * windowCount, of: Float.self)
    }

    var mayReplaceSource: Bool { true }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: -radius, below: radius)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let planes = PlanarRows(
            of: self.source, margin: radius, ringCount: windowCount, scratch: &scratch)
        let means: Row<Float> = scratch.take(planes.pitch * planes.channelCount)
        let weights: Row<Float> = scratch.take(windowCount * windowCount)
        for index in 0..<(rows.lowerBound == 0 ? weights.count : 0) {
            let (dx, dy) = (index % windowCount - radius, index / windowCount - radius)
            weights[index] = Float(Elementary.exp(Double(dx * dx + dy * dy) * spaceFactor))
        }
        if rows.lowerBound == 0 {
            for y in -radius..<radius { planes.load(y, of: source) }
        }
        for y in rows {
            try checkpoint.check()
            planes.load(y + radius, of: source)
            switch planes.channelCount {
            case 1: filter(y, planes, weights, to: means, OneChannel.self)
            case 2: filter(y, planes, weights, to: means, GrayWithAlpha.self)
            case 3: filter(y, planes, weights, to: means, ThreeChannels.self)
            default: filter(y, planes, weights, to: means, ColorsWithAlpha.self)
            }
            planes.store(means, distance: planes.pitch, into: result[y])
        }
    }

    private func filter<Channels: PlanarChannels>(
        _ y: Int, _ planes: PlanarRows, _ weights: Row<Float>, to means: Row<Float>,
        _ channels: Channels.Type
    ) {
        let likeness = likeness
        for x in stride(from: 0, to: source.width, by: 8) {
            let center = Channels(planes, y, at: x + radius)
            var sum = Channels.zero
            var total = SIMD8<Float>(repeating: 0)
            var index = 0
            for dy in -radius...radius {
                let row = Channels.Cursor(planes, y + dy)
                for dx in 0..<windowCount {
                    let pixels = Channels(row, at: x &+ dx)
                    let weight = likeness(center.squaredDistance(to: pixels)) * weights[index]
                    total += weight
                    sum.add(pixels, times: weight)
                    index &+= 1
                }
            }
            sum.write(dividedBy: total, to: means, at: x, pitch: planes.pitch)
        }
    }
}
