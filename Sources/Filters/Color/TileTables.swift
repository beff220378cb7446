/// What the lumas of a range become in the tiles of two neighbouring rows of tiles, from the
/// histogram of each tile with limited contrast.
///
/// Both tables of a column are interleaved, so that one cache line serves them: in pairs of which
/// the first is of an even row of tiles, the second of an odd one. Behind those of a range there is
/// one for all lumas outside it, which means nothing.
struct TileTables {
    /// How the lumas are cut into ranges.
    let ranges: LevelRanges

    private let pairs: Row<UInt16>

    /// Of one tile, at 8 bits four that are added up at the end.
    ///
    /// In one, pixels of one luma that follow each other wait for each other's count, but more of 16
    /// bits would not leave room in the second-level cache.
    private let histogram: Row<UInt32>
    private let laneCount: Int

    /// For each tile of the image what its bins held beyond the limit, and what the brightest luma
    /// of the range before became, with 40 fractional bits.
    private let excesses: Row<UInt32>
    private let levels: Row<UInt64>
    private let columnCount: Int

    /// The pixels of a tile, and how many of them a bin may hold.
    private let pixelCount: Int
    private let limit: UInt32

    static func scratchByteCount(columnCount: Int, rowCount: Int, ranges: LevelRanges) -> Int {
        ScratchMemory.byteCount(2 * columnCount * (ranges.length + 1), of: UInt16.self)
            + ScratchMemory.byteCount(laneCount(ranges) * ranges.length + 1, of: UInt32.self)
            + ScratchMemory.byteCount(columnCount * rowCount, of: UInt32.self)
            + ScratchMemory.byteCount(columnCount * rowCount, of: UInt64.self)
    }

    /// The ranges for which tables, histogram and what is kept of each tile fit some bytes.
    static func ranges(
        bitsPerSample: Int, columnCount: Int, rowCount: Int, byteCount: Int
    ) -> LevelRanges {
        LevelRanges(
            bitsPerSample: bitsPerSample,
            room: (byteCount - 12 * columnCount * rowCount) / (4 * columnCount + 4))
    }

    private static func laneCount(_ ranges: LevelRanges) -> Int {
        ranges.isWhole && ranges.levelCount == 256 ? 4 : 1
    }

    /// - Parameters:
    ///   - columnCount: The tiles in a row of them.
    ///   - rowCount: The rows of tiles.
    ///   - ranges: How the lumas are cut.
    ///   - pixelCount: The pixels of a tile.
    ///   - clip: How many times the mean a bin may hold.
    ///   - scratch: Where tables and histogram are.
    init(
        columnCount: Int, rowCount: Int, ranges: LevelRanges, pixelCount: Int, clip: Double,
        scratch: inout ScratchMemory
    ) {
        self.ranges = ranges
        self.columnCount = columnCount
        laneCount = Self.laneCount(ranges)
        pairs = scratch.take(2 * columnCount * (ranges.length + 1))
        histogram = scratch.take(laneCount * ranges.length + 1)
        excesses = scratch.take(columnCount * rowCount)
        levels = scratch.take(columnCount * rowCount)
        self.pixelCount = pixelCount
        let most = clip * Double(pixelCount) / Double(ranges.levelCount)
        limit = UInt32(max(min(most, 4_294_967_295), 1))
    }

    /// The pairs of a tile's column, one for each luma of the range and the one behind them.
    func pairs(ofColumn column: Int) -> Row<UInt16> {
        let count = 2 * (ranges.length + 1)
        return pairs[column * count..<(column + 1) * count]
    }

    /// Makes the table of a tile for a range, after those for the ranges before.
    ///
    /// - Parameters:
    ///   - row: The row of tiles.
    ///   - column: The tile in it.
    ///   - range: The range of lumas.
    ///   - count: Passes all pixels of the tile to ``count(_:in:)`` with a range.
    /// - Throws: What `count` throws.
    @inline(__always)
    func makeTable<Failure: Error>(
        row: Int, column: Int, range: Int, count: (_ range: Int) throws(Failure) -> Void
    ) throws(Failure) {
        let tile = row * columnCount + column
        if range == 0 {
            excesses[tile] = 0
            levels[tile] = 1 << 39
        }
        // All that is cut must be known for the first table. What is counted last is used for it.
        for counted in range == 0 ? (0..<ranges.count).reversed() : (range..<range + 1).reversed() {
            histogram.fill(with: 0)
            try count(counted)
            histogram.addLanes(binCount: ranges.length, laneCount: laneCount)
            let excess = limitContrast()
            if range == 0 { excesses[tile] = excesses[tile] &+ excess }
        }
        distribute(excesses[tile], in: range)
        let share = excesses[tile] / UInt32(ranges.levelCount)
        // Whole numbers need no conversions, and adding them up is all that one bin waits for in
        // another. No level is above white, since the bins hold no more than all pixels.
        let scale = UInt64(
            (Double(ranges.levelCount - 1) / Double(pixelCount) * 0x1p40).rounded())
        var level = levels[tile]
        let pairs = pairs(ofColumn: column)
        for bin in 0..<ranges.length {
            level &+= UInt64(histogram[bin] &+ share) &* scale
            pairs[2 &* bin &+ (row & 1)] = UInt16(truncatingIfNeeded: level &>> 40)
        }
        levels[tile] = level
    }

    /// Counts pixels of the tile whose luma is in a range.
    @inline(__always)
    func count<Sample: PixelSample>(_ luma: Row<Sample>, in range: Int) {
        if !ranges.isWhole {
            histogram.count(luma, from: Sample(truncatingIfNeeded: ranges.start(of: range)))
        } else if Sample.bitWidth == 16 {
            histogram.count(luma, binCount: 65536, laneCount: 1)
        } else {
            histogram.count(luma, binCount: 256, laneCount: 4)
        }
    }

    /// Cuts what bins hold beyond the limit.
    ///
    /// - Returns: What was cut.
    private func limitContrast() -> UInt32 {
        var excess: UInt32 = 0
        for bin in 0..<ranges.length {
            let kept = min(histogram[bin], limit)
            excess = excess &+ (histogram[bin] &- kept)
            histogram[bin] = kept
        }
        return excess
    }

    /// Adds those of the pixels that were cut that are no whole share for every bin.
    private func distribute(_ excess: UInt32, in range: Int) {
        let rest = Int(excess) % ranges.levelCount
        let step = max(ranges.levelCount / max(rest, 1), 1)
        let (start, end) = (ranges.start(of: range), ranges.start(of: range + 1))
        var index = (start + step - 1) / step
        while index < rest && index * step < end {
            histogram[index * step - start] += 1
            index += 1
        }
    }
}
