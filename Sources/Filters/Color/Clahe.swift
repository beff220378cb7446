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

/// Each tile has a table from its own histogram; a pixel's new luma lies between those of the four
/// tiles around it. Tables are kept for two rows of tiles.
private struct ClaheOperation: SampleOperation {
    let source: PixelLayout
    let clip: Double
    let tileCount: Int

    var result: PixelLayout { source }
    var worksInPlace: Bool { true }

    private var binCount: Int { 1 << source.format.bitsPerSample }

    /// Tiles are whole: where one side can't be divided both are mirrored on, as OpenCV does.
    private var tileSize: (width: Int, height: Int) {
        let (width, height) = (source.width, source.height)
        if width % tileCount == 0 && height % tileCount == 0 {
            return (width / tileCount, height / tileCount)
        }
        return (width / tileCount + 1, height / tileCount + 1)
    }

    var scratchByteCount: Int {
        2 * ScratchMemory.byteCount(tileCount * binCount, of: UInt16.self)
            + ScratchMemory.byteCount(4 * binCount, of: UInt32.self)
            + ScratchMemory.byteCount(source.width, of: Float.self)
            + 2 * ScratchMemory.byteCount(source.width, of: Int32.self)
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        var above: Row<UInt16> = scratch.take(tileCount * binCount)
        var below: Row<UInt16> = scratch.take(tileCount * binCount)
        let histogram: Row<UInt32> = scratch.take(4 * binCount)
        let places = Places(
            fraction: scratch.take(self.source.width), left: scratch.take(self.source.width),
            right: scratch.take(self.source.width))
        placeColumns(places)
        let height = tileSize.height
        // Rows up to the middle of the first tiles are between them and nothing.
        try makeTables(of: source, tileRow: 0, histogram, into: below, checkpoint)
        above.copy(below)
        var tileRow = -1
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            let position = (Float(y) / Float(height)) - 0.5
            let row = Int(position.rounded(.down))
            if row > tileRow {
                tileRow = row
                swap(&above, &below)
                if row + 1 < tileCount {
                    try makeTables(of: source, tileRow: row + 1, histogram, into: below, checkpoint)
                } else {
                    below.copy(above)
                }
            }
            interpolate(source[y], places, above, below, position - Float(row))
        }
    }

    /// For each column the tables left and right of it, and how near the right one is.
    private struct Places {
        let fraction: Row<Float>
        let left: Row<Int32>
        let right: Row<Int32>
    }

    private func placeColumns(_ places: Places) {
        let inverse = 1 / Float(tileSize.width)
        for x in 0..<source.width {
            let position = Float(x) * inverse - 0.5
            let tile = Int(position.rounded(.down))
            places.fraction[x] = position - Float(tile)
            places.left[x] = Int32(max(tile, 0) * binCount)
            places.right[x] = Int32(min(tile + 1, tileCount - 1) * binCount)
        }
    }

    private func makeTables<Sample: PixelSample>(
        of source: Rows<Sample>, tileRow: Int, _ histogram: Row<UInt32>, into tables: Row<UInt16>,
        _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let (width, height) = tileSize
        let format = self.source.format
        for tile in 0..<tileCount {
            histogram.fill(with: 0)
            for row in tileRow * height..<(tileRow + 1) * height {
                try checkpoint.check(atRow: row)
                let samples = source[mirrored(row, source.count)]
                let columns = tile * width..<(tile + 1) * width
                for x in columns.clamped(to: 0..<self.source.width) {
                    let luma = Int(samples.luma(at: x &* format.channelCount, format))
                    let bin = (x & 3) &* binCount &+ luma
                    histogram[bin] = histogram[bin] &+ 1
                }
                for x in max(
                    columns.lowerBound, self.source.width)..<max(
                        columns.upperBound, self.source.width)
                {
                    let mirror = mirrored(x, self.source.width) * format.channelCount
                    histogram[Int(samples.luma(at: mirror, format))] += 1
                }
            }
            let counts = histogram[0..<binCount]
            for bin in 0..<binCount {
                counts[bin] =
                    counts[bin] &+ histogram[binCount &+ bin] &+ histogram[2 &* binCount &+ bin]
                    &+ histogram[3 &* binCount &+ bin]
            }
            limit(counts, pixelCount: width * height)
            var sum = 0.0
            let scale = Double(binCount - 1) / Double(width * height)
            let table = tables[tile * binCount..<(tile + 1) * binCount]
            for bin in 0..<binCount {
                sum += Double(counts[bin])
                table[bin] = UInt16(min((sum * scale).rounded(), Double(binCount - 1)))
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

    private func interpolate<Sample: PixelSample>(
        _ samples: Row<Sample>, _ places: Places, _ above: Row<UInt16>, _ below: Row<UInt16>,
        _ down: Float
    ) {
        let format = source.format
        let white = Int32(truncatingIfNeeded: Sample.max)
        for x in 0..<source.width {
            let pixel = x &* format.channelCount
            let luma = Int32(truncatingIfNeeded: samples.luma(at: pixel, format))
            let (left, right) = (Int(places.left[x] &+ luma), Int(places.right[x] &+ luma))
            let fraction = places.fraction[x]
            let upper = Float(above[left]) * (1 - fraction) + Float(above[right]) * fraction
            let lower = Float(below[left]) * (1 - fraction) + Float(below[right]) * fraction
            let new = Int32(nearestTo: upper * (1 - down) + lower * down)
            if format.isColor {
                for index in pixel..<pixel &+ 3 {
                    let moved = Int32(truncatingIfNeeded: samples[index]) &+ new &- luma
                    samples[index] = Sample(truncatingIfNeeded: min(max(moved, 0), white))
                }
            } else {
                samples[pixel] = Sample(truncatingIfNeeded: min(max(new, 0), white))
            }
        }
    }
}
