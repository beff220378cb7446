internal import Images
internal import Profiling

/// Removes noise by averaging pixels whose surroundings are alike.
struct NonLocalMeans: Filter {
    static let definition = FilterDefinition(
        "nl-means",
        "a mean of the pixels nearby, weighed by exp(−d²/strength²) (A. Buades, 2005)",
        keys: [
            FilterParameter(
                "strength", "in levels of 255", .number(0...255, isAboveLowerBound: true),
                default: "10"),
            FilterParameter(
                "patch", "radius of what is compared: d² is its mean squared difference",
                .integer(0...10), default: "3"),
            FilterParameter(
                "search", "radius of where it is looked for", .integer(1...50), default: "10"),
        ], example: "nl-means:strength=8"
    ) { arguments throws(FilterError) in
        NonLocalMeans(
            strength: arguments.number("strength"), patch: arguments.integer("patch"),
            search: arguments.integer("search"))
    }

    let name = "nl-means"
    let strength: Double
    let patch: Int
    let search: Int

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        NonLocalMeansOperation(source: source, strength: strength, patch: patch, search: search)
    }
}

/// Averages tile by tile and offset by offset.
///
/// For each offset in the search window the squared differences of all pixels of a tile are summed
/// over patches by moving sums, so that the time does not grow with the square of the patch
/// (J. Darbon et al., "Fast nonlocal filtering applied to electron cryomicroscopy", 2008).
///
/// A tile with everything that it needs fits the second-level cache.
private struct NonLocalMeansOperation: SampleRowOperation {
    let source: PixelLayout
    private let patch: Int
    private let search: Int

    /// Of a sum of squared differences over a patch and the channels.
    private let likeness: VectorExponential

    private let tileWidth: Int
    private var tileHeight: Int

    init(source: PixelLayout, strength: Double, patch: Int, search: Int) {
        self.source = source
        self.patch = patch
        self.search = search
        tileWidth = min((source.width + 7) / 8 * 8, 128)
        tileHeight = min(source.height, 32)
        let colorCount = source.format.isColor ? 3 : 1
        let count = (2 * patch + 1) * (2 * patch + 1) * colorCount
        likeness = VectorExponential(factor: Float(-1 / (strength * strength * Double(count))))
        // Lower tiles need fewer rows around them, where those of high ones have no room.
        if scratchByteCount > ScratchMemory.room(for: source) { tileHeight = min(source.height, 8) }
    }

    var result: PixelLayout { source }

    private var margin: Int { patch + search }
    private var ringCount: Int { tileHeight + 2 * margin }

    /// What the last tile reaches beyond a row, with a vector to spare.
    private var slack: Int {
        (source.width + tileWidth - 1) / tileWidth * tileWidth - source.width + 8
    }

    /// The squared differences of a row of patches, with a vector to spare.
    private var patchRowCount: Int { tileWidth + 2 * patch + 8 }

    var scratchByteCount: Int {
        PlanarRows.scratchByteCount(
            for: source, margin: margin, slack: slack, ringCount: ringCount)
            + ScratchMemory.byteCount(
                (tileHeight + 2 * patch) * patchRowCount, of: Float.self)
            + ScratchMemory.byteCount(patchRowCount, of: Float.self)
            + ScratchMemory.byteCount(
                tileHeight * tileWidth * (source.format.channelCount + 1), of: Float.self)
    }

    var blockHeight: Int { tileHeight }
    var mayReplaceSource: Bool { true }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: -margin, below: margin + tileHeight - 1)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let planes = PlanarRows(
            of: self.source, margin: margin, slack: slack, ringCount: ringCount,
            scratch: &scratch)
        let work = Work(
            planes: planes,
            differences: scratch.takeRows(
                tileHeight + 2 * patch, elementsPerRow: patchRowCount),
            columns: scratch.take(patchRowCount),
            sums: scratch.takeRows(
                planes.channelCount + 1, elementsPerRow: tileHeight * tileWidth))
        var loaded = rows.lowerBound == 0 ? -margin : rows.lowerBound + margin
        for top in stride(from: rows.lowerBound, to: rows.upperBound, by: tileHeight) {
            while loaded < top + tileHeight + margin {
                planes.load(loaded, of: source)
                loaded += 1
            }
            for left in stride(from: 0, to: self.source.width, by: tileWidth) {
                try sumTile(left, top, work, checkpoint)
                // All that is read of these rows is in the ring, so that they may be overwritten.
                for y in top..<min(top + tileHeight, source.count) {
                    let samples = result[y].from(left * planes.channelCount)
                    store(y - top, work, into: samples)
                }
            }
        }
    }

    private struct Work {
        let planes: PlanarRows
        let differences: Rows<Float>
        let columns: Row<Float>

        /// The sum of the weights, and of each weighted channel.
        let sums: Rows<Float>
    }

    private func sumTile(
        _ left: Int, _ top: Int, _ work: Work, _ checkpoint: Checkpoint
    ) throws(Interruption) {
        work.sums.all.fill(with: 0)
        let isColor = source.format.isColor
        for dy in -search...search {
            try checkpoint.check()
            for dx in -search...search {
                for row in 0..<tileHeight + 2 * patch {
                    let y = top + row - patch
                    if isColor {
                        subtract(work, y, left, dx, dy, colorCount: 3, to: work.differences[row])
                    } else {
                        subtract(work, y, left, dx, dy, colorCount: 1, to: work.differences[row])
                    }
                }
                addWeighted(work, left, top, dx, dy)
            }
        }
    }

    /// Divides the sums of a row of a tile, and writes as many means as there are samples.
    private func store<Sample: PixelSample>(
        _ row: Int, _ work: Work, into samples: Row<Sample>
    ) {
        let channelCount = work.planes.channelCount
        let first = row * tileWidth
        for channel in 0..<channelCount {
            for x in stride(from: first, to: first + tileWidth, by: 8) {
                let sum: SIMD8<Float> = work.sums[channel + 1].vector(at: x)
                work.sums[channel + 1].store(sum / work.sums[0].vector(at: x), at: x)
            }
        }
        work.planes.store(
            work.sums.all.from(work.sums.elementsPerRow + first),
            distance: work.sums.elementsPerRow,
            into: samples[0..<min(samples.count, tileWidth * channelCount)])
    }

    /// The squared differences of a row of pixels and of those at an offset, over the colours.
    @inline(__always)
    private func subtract(
        _ work: Work, _ y: Int, _ left: Int, _ dx: Int, _ dy: Int, colorCount: Int,
        to differences: Row<Float>
    ) {
        let first = work.planes.margin + left - patch
        let (here, there) = (work.planes[y], work.planes[y + dy])
        let pitch = work.planes.pitch
        for x in stride(from: 0, to: tileWidth + 2 * patch, by: 8) {
            var sum = SIMD8<Float>(repeating: 0)
            for channel in 0..<colorCount {
                let place = channel &* pitch &+ first &+ x
                let pixels: SIMD8<Float> = here.vector(at: place)
                let others: SIMD8<Float> = there.vector(at: place &+ dx)
                let difference = pixels - others
                sum += difference * difference
            }
            differences.store(sum, at: x)
        }
    }

    /// Adds the pixels at an offset, weighed by the likeness of their patches.
    private func addWeighted(_ work: Work, _ left: Int, _ top: Int, _ dx: Int, _ dy: Int) {
        let columns = work.columns
        columns.fill(with: 0)
        for row in 0..<2 * patch { columns.add(work.differences[row]) }
        for row in 0..<tileHeight {
            columns.add(work.differences[row + 2 * patch])
            // A width that the compiler knows takes a twentieth less of the whole time.
            if tileWidth == 128 {
                addRow(work, row, left, top, dx, dy, tileWidth: 128)
            } else {
                addRow(work, row, left, top, dx, dy, tileWidth: tileWidth)
            }
            columns.subtract(work.differences[row])
        }
    }

    @inline(__always)
    private func addRow(
        _ work: Work, _ row: Int, _ left: Int, _ top: Int, _ dx: Int, _ dy: Int, tileWidth: Int
    ) {
        switch work.planes.channelCount {
        case 1: addRow(work, row, left, top, dx, dy, tileWidth, channelCount: 1)
        case 2: addRow(work, row, left, top, dx, dy, tileWidth, channelCount: 2)
        case 3: addRow(work, row, left, top, dx, dy, tileWidth, channelCount: 3)
        default: addRow(work, row, left, top, dx, dy, tileWidth, channelCount: 4)
        }
    }

    @inline(__always)
    private func addRow(
        _ work: Work, _ row: Int, _ left: Int, _ top: Int, _ dx: Int, _ dy: Int, _ tileWidth: Int,
        channelCount: Int
    ) {
        let likeness = likeness
        let others = work.planes[top + row + dy]
        let first = work.planes.margin + left + dx
        let pitch = work.planes.pitch
        for x in stride(from: 0, to: tileWidth, by: 8) {
            var distance: SIMD8<Float> = work.columns.vector(at: x)
            for offset in 1..<2 * patch + 1 {
                distance += work.columns.vector(at: x &+ offset)
            }
            let weight = likeness(distance)
            let place = row &* tileWidth &+ x
            work.sums[0].add(weight, at: place)
            for channel in 0..<channelCount {
                let pixels: SIMD8<Float> = others.vector(at: channel &* pitch &+ first &+ x)
                work.sums[channel &+ 1].add(pixels * weight, at: place)
            }
        }
    }
}

extension Row<Float> {
    @inline(__always)
    fileprivate func add(_ vector: SIMD8<Float>, at index: Int) {
        store(self.vector(at: index) + vector, at: index)
    }

    fileprivate func add(_ other: Row<Float>) {
        for index in 0..<count { self[index] += other[index] }
    }

    /// Differences of 8-bit samples are whole numbers, so that moving sums of them stay exact.
    fileprivate func subtract(_ other: Row<Float>) {
        for index in 0..<count { self[index] -= other[index] }
    }
}
