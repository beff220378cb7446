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
/// A tile with everything that it needs fits the second-level cache: the pixels that are compared,
/// and as many rows of those that they are compared with, which move down with the offset.
private struct NonLocalMeansOperation: SampleRowOperation {
    let source: PixelLayout
    private let patch: Int
    private let search: Int

    /// Of a sum of squared differences over a patch and the channels.
    private let likeness: VectorExponential

    private var tileWidth: Int
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
        // Smaller tiles need fewer pixels around them, where those of large ones have no room.
        let room = ScratchMemory.room(for: source)
        if scratchByteCount > room { tileHeight = min(tileHeight, 8) }
        if scratchByteCount > room { tileWidth = min(tileWidth, 64) }
    }

    var result: PixelLayout { source }

    private var margin: Int { patch + search }

    /// The rows of the pixels of all patches.
    private var patchRows: Int { tileHeight + 2 * patch }

    /// The sums of a channel, and a cache line so that those of the next fall into different sets of the
    /// first-level cache.
    private var sumCount: Int { tileHeight * tileWidth + 16 }

    /// The squared differences of a row of patches, with a vector to spare.
    private var patchRowCount: Int { tileWidth + 2 * patch + 8 }

    var scratchByteCount: Int {
        PlanarRows.scratchByteCount(
            for: source, width: tileWidth, margin: patch, ringCount: patchRows)
            + PlanarRows.scratchByteCount(
                for: source, width: tileWidth, margin: margin, ringCount: patchRows)
            + ScratchMemory.byteCount(patchRows * patchRowCount, of: Float.self)
            + ScratchMemory.byteCount(patchRowCount, of: Float.self)
            + ScratchMemory.byteCount(
                sumCount * (source.format.channelCount + 1), of: Float.self)
    }

    var blockHeight: Int { tileHeight }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: margin, below: margin + tileHeight - 1)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let work = Work(
            here: PlanarRows(
                of: self.source, width: tileWidth, margin: patch, ringCount: patchRows,
                scratch: &scratch),
            there: PlanarRows(
                of: self.source, width: tileWidth, margin: margin, ringCount: patchRows,
                scratch: &scratch),
            differences: scratch.takeRows(patchRows, elementsPerRow: patchRowCount),
            columns: scratch.take(patchRowCount),
            sums: scratch.takeRows(
                self.source.format.channelCount + 1, elementsPerRow: sumCount))
        for top in stride(from: rows.lowerBound, to: rows.upperBound, by: tileHeight) {
            for left in stride(from: 0, to: self.source.width, by: tileWidth) {
                try sumTile(left, top, of: source, work, checkpoint)
                for y in top..<min(top + tileHeight, source.count) {
                    let samples = result[y].from(left * work.here.channelCount)
                    store(y - top, work, into: samples)
                }
            }
        }
    }

    private struct Work {
        /// The pixels of a tile and of the patches around them.
        let here: PlanarRows

        /// Those at an offset up or down, and at all offsets left and right.
        let there: PlanarRows
        let differences: Rows<Float>
        let columns: Row<Float>

        /// The sum of the weights, and of each weighted channel.
        let sums: Rows<Float>
    }

    private func sumTile<Sample: PixelSample>(
        _ left: Int, _ top: Int, of source: Rows<Sample>, _ work: Work, _ checkpoint: Checkpoint
    ) throws(Interruption) {
        work.sums.all.fill(with: 0)
        let isColor = self.source.format.isColor
        let first = top - patch
        load(first..<first + patchRows, from: left, of: source, into: work.here)
        load(first - search..<first - search + patchRows, from: left, of: source, into: work.there)
        for dy in -search...search {
            try checkpoint.check()
            if dy > -search {
                let last = first + dy + patchRows - 1
                // Nearer to the border the row at it is there already.
                if last > 0 { work.there.load(last, of: source, from: left) }
            }
            for dx in -search...search {
                for row in 0..<patchRows {
                    let y = first + row
                    if isColor {
                        subtract(work, y, dx, dy, colorCount: 3, to: work.differences[row])
                    } else {
                        subtract(work, y, dx, dy, colorCount: 1, to: work.differences[row])
                    }
                }
                addWeighted(work, top, dx, dy)
            }
        }
    }

    /// Loads some rows, or the nearest where they lie beyond the border.
    private func load<Sample: PixelSample>(
        _ rows: Range<Int>, from left: Int, of source: Rows<Sample>, into planes: PlanarRows
    ) {
        let last = source.count - 1
        let nearest = min(max(rows.lowerBound, 0), last)...min(max(rows.upperBound - 1, 0), last)
        for y in nearest { planes.load(y, of: source, from: left) }
    }

    /// Divides the sums of a row of a tile, and writes as many means as there are samples.
    private func store<Sample: PixelSample>(
        _ row: Int, _ work: Work, into samples: Row<Sample>
    ) {
        let channelCount = work.here.channelCount
        let first = row * tileWidth
        for channel in 0..<channelCount {
            for x in stride(from: first, to: first + tileWidth, by: 8) {
                let sum: SIMD8<Float> = work.sums[channel + 1].vector(at: x)
                work.sums[channel + 1].store(sum / work.sums[0].vector(at: x), at: x)
            }
        }
        work.here.store(
            work.sums.all.from(work.sums.elementsPerRow + first),
            distance: work.sums.elementsPerRow,
            into: samples[0..<min(samples.count, tileWidth * channelCount)])
    }

    /// The squared differences of a row of pixels and of those at an offset, over the colours.
    @inline(__always)
    private func subtract(
        _ work: Work, _ y: Int, _ dx: Int, _ dy: Int, colorCount: Int,
        to differences: Row<Float>
    ) {
        let (here, there) = (work.here[y], work.there[y + dy])
        let (herePitch, therePitch) = (work.here.pitch, work.there.pitch)
        for x in stride(from: 0, to: tileWidth + 2 * patch, by: 8) {
            var sum = SIMD8<Float>(repeating: 0)
            for channel in 0..<colorCount {
                let pixels: SIMD8<Float> = here.vector(at: channel &* herePitch &+ x)
                let others: SIMD8<Float> = there.vector(
                    at: channel &* therePitch &+ x &+ search &+ dx)
                let difference = pixels - others
                sum += difference * difference
            }
            differences.store(sum, at: x)
        }
    }

    /// Adds the pixels at an offset, weighed by the likeness of their patches.
    private func addWeighted(_ work: Work, _ top: Int, _ dx: Int, _ dy: Int) {
        let columns = work.columns
        columns.fill(with: 0)
        for row in 0..<2 * patch { columns.add(work.differences[row]) }
        for row in 0..<tileHeight {
            columns.add(work.differences[row + 2 * patch])
            // A width that the compiler knows takes a twentieth less of the whole time.
            if tileWidth == 128 {
                addRow(work, row, top, dx, dy, tileWidth: 128)
            } else {
                addRow(work, row, top, dx, dy, tileWidth: tileWidth)
            }
            columns.subtract(work.differences[row])
        }
    }

    @inline(__always)
    private func addRow(
        _ work: Work, _ row: Int, _ top: Int, _ dx: Int, _ dy: Int, tileWidth: Int
    ) {
        switch work.there.channelCount {
        case 1: addRow(work, row, top, dx, dy, tileWidth, channelCount: 1)
        case 2: addRow(work, row, top, dx, dy, tileWidth, channelCount: 2)
        case 3: addRow(work, row, top, dx, dy, tileWidth, channelCount: 3)
        default: addRow(work, row, top, dx, dy, tileWidth, channelCount: 4)
        }
    }

    @inline(__always)
    private func addRow(
        _ work: Work, _ row: Int, _ top: Int, _ dx: Int, _ dy: Int, _ tileWidth: Int,
        channelCount: Int
    ) {
        let likeness = likeness
        let others = work.there[top + row + dy]
        let first = margin + dx
        let pitch = work.there.pitch
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
