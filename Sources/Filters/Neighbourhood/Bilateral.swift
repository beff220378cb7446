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
///
/// Where a ring of all rows of the window would take more memory than it may, rows are read again for
/// each row of the result, one at a time, and the sums go on from row to row.
private struct BilateralOperation: SampleRowOperation {
    let source: PixelLayout
    private let radius: Int

    /// Half the negative inverse square of the sigma: what squared distances are multiplied by.
    private let spaceFactor: Double
    private let likeness: VectorExponential

    /// Whether all rows of the window are in memory.
    private var keepsRows = true

    init(source: PixelLayout, space: Double, range: Double) {
        self.source = source
        radius = Int((2 * space).rounded(.up))
        spaceFactor = -0.5 / (space * space)
        likeness = VectorExponential(factor: Float(-0.5 / (range * range)))
        keepsRows = scratchByteCount <= ScratchMemory.room(for: source)
    }

    var result: PixelLayout { source }

    private var windowCount: Int { 2 * radius + 1 }

    /// The weights of a row of the window for each distance from the middle one, up and down.
    private var weightCount: Int { (radius + 1) * windowCount }

    var scratchByteCount: Int {
        planesByteCount(ringCount: keepsRows ? windowCount : 1)
            + (keepsRows ? 0 : 2 * planesByteCount(ringCount: 1))
            + ScratchMemory.byteCount(meansPitch * source.format.channelCount, of: Float.self)
            + ScratchMemory.byteCount(keepsRows ? 0 : meansPitch, of: Float.self)
            + ScratchMemory.byteCount(weightCount, of: Float.self)
    }

    private func planesByteCount(ringCount: Int) -> Int {
        PlanarRows.scratchByteCount(
            for: source, width: source.width, margin: radius, ringCount: ringCount)
    }

    /// A row of one channel's means, filled up to whole vectors.
    private var meansPitch: Int { source.width.roundedUp(to: 8) }

    var mayReplaceSource: Bool { keepsRows }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: keepsRows ? -radius : radius, below: radius)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        func takePlanes(_ ringCount: Int, _ scratch: inout ScratchMemory) -> PlanarRows {
            PlanarRows(
                of: self.source, width: self.source.width, margin: radius, ringCount: ringCount,
                scratch: &scratch)
        }
        let planes = takePlanes(keepsRows ? windowCount : 1, &scratch)
        let means: Row<Float> = scratch.take(meansPitch * planes.channelCount)
        let weights: Row<Float> = scratch.take(weightCount)
        for index in 0..<(rows.lowerBound == 0 ? weightCount : 0) {
            let (dx, dy) = (index % windowCount - radius, index / windowCount)
            weights[index] = Float(Elementary.exp(Double(dx * dx + dy * dy) * spaceFactor))
        }
        if keepsRows {
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
                planes.store(means, distance: meansPitch, into: result[y])
            }
        } else {
            let sums = Sums(
                centers: takePlanes(1, &scratch), channels: takePlanes(1, &scratch),
                totals: scratch.take(meansPitch))
            for y in rows {
                try checkpoint.check()
                sums.centers.load(y, of: source)
                for dy in -radius...radius {
                    planes.load(min(max(y + dy, 0), self.source.height - 1), of: source)
                    switch planes.channelCount {
                    case 1: add(dy, planes, weights, to: sums, OneChannel.self)
                    case 2: add(dy, planes, weights, to: sums, GrayWithAlpha.self)
                    case 3: add(dy, planes, weights, to: sums, ThreeChannels.self)
                    default: add(dy, planes, weights, to: sums, ColorsWithAlpha.self)
                    }
                }
                planes.store(sums.means, distance: sums.channels.pitch, into: result[y])
            }
        }
    }

    private func filter<Channels: PlanarChannels>(
        _ y: Int, _ planes: PlanarRows, _ weights: Row<Float>, to means: Row<Float>,
        _ channels: Channels.Type
    ) {
        for x in stride(from: 0, to: source.width, by: 8) {
            let center = Channels(planes, y, at: x + radius)
            var sum = Channels.zero
            var total = SIMD8<Float>(repeating: 0)
            for dy in -radius...radius {
                add(
                    Channels.Cursor(planes, y + dy), x, weights.from(abs(dy) * windowCount), center,
                    to: &sum, &total)
            }
            sum.write(dividedBy: total, to: means, at: x, pitch: meansPitch)
        }
    }

    /// Sums of a row of the result that go on with each row of the window.
    private struct Sums {
        /// The row of the source whose pixels are in the middle.
        let centers: PlanarRows

        /// The weighted channels; the means after the last row of the window.
        let channels: PlanarRows
        let totals: Row<Float>

        var means: Row<Float> { channels[0] }
    }

    /// Adds a row of the window, the only one in `planes`.
    private func add<Channels: PlanarChannels>(
        _ dy: Int, _ planes: PlanarRows, _ weights: Row<Float>, to sums: Sums,
        _ channels: Channels.Type
    ) {
        let weights = weights.from(abs(dy) * windowCount)
        let row = Channels.Cursor(planes, 0)
        let pitch = sums.channels.pitch
        for x in stride(from: 0, to: source.width, by: 8) {
            let center = Channels(sums.centers, 0, at: x + radius)
            var sum = dy == -radius ? Channels.zero : Channels(sums.channels, 0, at: x)
            var total = dy == -radius ? SIMD8(repeating: 0) : sums.totals.vector(at: x)
            add(row, x, weights, center, to: &sum, &total)
            sums.totals.store(total, at: x)
            let divisor = dy == radius ? total : SIMD8(repeating: 1)
            sum.write(dividedBy: divisor, to: sums.means, at: x, pitch: pitch)
        }
    }

    /// Adds a row of the window around eight pixels.
    @inline(__always)
    private func add<Channels: PlanarChannels>(
        _ row: Channels.Cursor, _ x: Int, _ weights: Row<Float>, _ center: Channels,
        to sum: inout Channels, _ total: inout SIMD8<Float>
    ) {
        let likeness = likeness
        for dx in 0..<windowCount {
            let pixels = Channels(row, at: x &+ dx)
            let weight = likeness(center.squaredDistance(to: pixels)) * weights[dx]
            total += weight
            sum.add(pixels, times: weight)
        }
    }
}
