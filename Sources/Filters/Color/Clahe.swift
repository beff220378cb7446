internal import Images
internal import Profiling

/// Equalises luma locally, with limited contrast.
struct Clahe: Filter {
    static let definition = FilterDefinition(
        "clahe",
        "contrast-limited adaptive histogram equalisation of luma (K. Zuiderveld, 1994)",
        keys: [
            FilterParameter(
                "clip", "how many times the mean a bin of a histogram may hold", .number(1...1000),
                default: "2"),
            FilterParameter("tiles", "in a row and in a column", .integer(1...64), default: "8"),
        ], example: "clahe:clip=3"
    ) { arguments throws(FilterError) in
        Clahe(clip: arguments.number("clip"), tiles: arguments.integer("tiles"))
    }

    let name = "clahe"
    let clip: Double
    let tiles: Int

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        ClaheOperation(source: source, clip: clip, tileCount: tiles)
    }
}

/// Equalises by a table for each tile, from its own histogram.
///
/// A pixel's new luma lies between those of the four tiles around it. Tables are kept for two rows of tiles.
private struct ClaheOperation: SampleOperation {
    let source: PixelLayout
    let clip: Double
    let tileCount: Int

    var result: PixelLayout { source }

    private var binCount: Int { 1 << source.format.bitsPerSample }

    /// The histograms of a tile, over which equal values that follow each other are spread.
    private var laneCount: Int { source.format.bitsPerSample == 8 ? 4 : 1 }

    /// Tiles are whole: where one side can't be divided both are mirrored on, as OpenCV does.
    private var tileSize: (width: Int, height: Int) {
        let (width, height) = (source.width, source.height)
        if width % tileCount == 0 && height % tileCount == 0 {
            return (width / tileCount, height / tileCount)
        }
        return (width / tileCount + 1, height / tileCount + 1)
    }

    var scratchByteCount: Int {
        3 * ScratchMemory.byteCount(tileCount * binCount, of: Float.self)
            + ScratchMemory.byteCount(tileCount * laneCount * binCount, of: UInt32.self)
            + 4 * ScratchMemory.byteCount(source.width, of: Int32.self)
            + LumaReader<UInt16>.scratchByteCount(for: source)
            + ScratchMemory.byteCount(tileCount * tileSize.width, of: UInt16.self)
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let work = Work<Sample>(self, &scratch)
        let reader = LumaReader<Sample>(of: self.source, scratch: &scratch)
        placeColumns(work)
        var (above, below) = (work.tables[0], work.tables[1])
        // Above the middle of the first tiles there are none, and they count alone.
        try makeTables(of: source, tileRow: 0, reader, work, into: below, checkpoint)
        above.copy(below)
        var tileRow = -1
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            let position = Float(y) / Float(tileSize.height) - 0.5
            let row = Int(position.rounded(.down))
            if row > tileRow {
                tileRow = row
                swap(&above, &below)
                if row + 1 < tileCount {
                    try makeTables(
                        of: source, tileRow: row + 1, reader, work, into: below, checkpoint)
                } else {
                    below.copy(above)
                }
            }
            reader.read(source[y], into: work.luma[0..<self.source.width])
            interpolate(work, above, below, position - Float(row))
            reader.move(source[y], by: work.changes, into: result[y])
        }
    }

    private struct Work<Sample: PixelSample> {
        /// For two rows of tiles, and for a row of pixels between them, a table for each tile.
        let tables: Rows<Float>
        let histograms: Row<UInt32>

        /// For each column the tables left and right of it, and how near the right one is.
        let left: Row<Int32>
        let right: Row<Int32>
        let fraction: Row<Float>

        /// As long as all tiles, which may be longer than a row.
        let luma: Row<Sample>
        let changes: Row<Sample.Change>

        init(_ operation: ClaheOperation, _ scratch: inout ScratchMemory) {
            let (tileCount, binCount) = (operation.tileCount, operation.binCount)
            let width = operation.source.width
            tables = scratch.takeRows(3, elementsPerRow: tileCount * binCount)
            histograms = scratch.take(tileCount * operation.laneCount * binCount)
            left = scratch.take(width)
            right = scratch.take(width)
            fraction = scratch.take(width)
            changes = scratch.take(width)
            luma = scratch.take(max(tileCount * operation.tileSize.width, width))
        }
    }

    private func placeColumns<Sample: PixelSample>(_ work: Work<Sample>) {
        for x in 0..<source.width {
            let position = Float(x) / Float(tileSize.width) - 0.5
            let tile = Int(position.rounded(.down))
            work.fraction[x] = position - Float(tile)
            work.left[x] = Int32(min(max(tile, 0), tileCount - 1) * binCount)
            work.right[x] = Int32(min(tile + 1, tileCount - 1) * binCount)
        }
    }

    private func makeTables<Sample: PixelSample>(
        of source: Rows<Sample>, tileRow: Int, _ reader: LumaReader<Sample>, _ work: Work<Sample>,
        into tables: Row<Float>, _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let (width, height) = tileSize
        work.histograms.fill(with: 0)
        for row in tileRow * height..<(tileRow + 1) * height {
            try checkpoint.check(atRow: row)
            reader.read(source[mirrored(row, source.count)], into: work.luma[0..<self.source.width])
            for x in self.source.width..<max(tileCount * width, self.source.width) {
                work.luma[x] = work.luma[mirrored(x, self.source.width)]
            }
            for tile in 0..<tileCount {
                work.histograms[tile * laneCount * binCount..<(tile + 1) * laneCount * binCount]
                    .count(
                        work.luma[tile * width..<(tile + 1) * width], binCount: binCount,
                        laneCount: laneCount)
            }
        }
        for tile in 0..<tileCount {
            let lanes = work.histograms.from(tile * laneCount * binCount)
            for lane in 1..<max(laneCount, 1) {
                for bin in 0..<binCount {
                    lanes[bin] = lanes[bin] &+ lanes[lane &* binCount &+ bin]
                }
            }
            limit(lanes[0..<binCount], pixelCount: width * height)
            var sum = 0.0
            let scale = Double(binCount - 1) / Double(width * height)
            let table = tables[tile * binCount..<(tile + 1) * binCount]
            for bin in 0..<binCount {
                sum += Double(lanes[bin])
                table[bin] = Float(min((sum * scale).rounded(), Double(binCount - 1)))
            }
        }
    }

    /// Cuts what bins hold beyond the limit, and spreads it over all of them.
    private func limit(_ counts: Row<UInt32>, pixelCount: Int) {
        let limit = UInt32(max(clip * Double(pixelCount) / Double(binCount), 1))
        var excess = 0
        for bin in 0..<binCount where counts[bin] > limit {
            excess += Int(counts[bin] - limit)
            counts[bin] = limit
        }
        let share = UInt32(excess / binCount)
        for bin in 0..<binCount { counts[bin] += share }
        let rest = excess % binCount
        guard rest > 0 else { return }
        let step = max(binCount / rest, 1)
        for index in 0..<rest where index * step < binCount { counts[index * step] += 1 }
    }

    /// Where a column or row beyond the end is seen in a mirror on the last one.
    private func mirrored(_ index: Int, _ count: Int) -> Int {
        guard count > 1 else { return 0 }
        let period = 2 * (count - 1)
        let place = index % period
        return place < count ? place : period - place
    }

    /// Writes what the luma of each pixel of a row changes by.
    private func interpolate<Sample: PixelSample>(
        _ work: Work<Sample>, _ above: Row<Float>, _ below: Row<Float>, _ down: Float
    ) {
        @inline(__always)
        func between(_ index: Int) -> Float { above[index] * (1 - down) + below[index] * down }
        // Small tables are mixed for the whole row at once.
        let isMixed = above.count <= 2 * source.width
        let mixed = work.tables[2]
        if isMixed {
            for index in 0..<mixed.count { mixed[index] = between(index) }
        }
        for x in 0..<source.width {
            let luma = Int32(truncatingIfNeeded: work.luma[x])
            let left = Int(work.left[x] &+ luma)
            let right = Int(work.right[x] &+ luma)
            let fraction = work.fraction[x]
            let new =
                isMixed
                ? mixed[left] * (1 - fraction) + mixed[right] * fraction
                : between(left) * (1 - fraction) + between(right) * fraction
            work.changes[x] = Sample.Change(truncatingIfNeeded: Int32(nearestTo: new) &- luma)
        }
    }
}
