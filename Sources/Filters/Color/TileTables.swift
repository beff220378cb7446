/// What each luma becomes in the tiles of two neighbouring rows of tiles, from the histogram of each
/// tile with limited contrast.
///
/// Both tables of a column are interleaved, so that one cache line serves them: in pairs of which
/// the first is of an even row of tiles, the second of an odd one.
struct TileTables {
    private let pairs: Row<UInt16>

    /// Of one tile, at 8 bits four that are added up at the end.
    ///
    /// In one, pixels of one luma that follow each other wait for each other's count, but more of 16
    /// bits would not leave room in the second-level cache.
    private let histogram: Row<UInt32>
    private let binCount: Int
    private let laneCount: Int

    /// The pixels of a tile, and how many of them a bin may hold.
    private let pixelCount: Int
    private let limit: UInt32

    static func scratchByteCount(tileCount: Int, bitsPerSample: Int) -> Int {
        ScratchMemory.byteCount(2 * tileCount << bitsPerSample, of: UInt16.self)
            + ScratchMemory.byteCount(
                laneCount(bitsPerSample: bitsPerSample) << bitsPerSample, of: UInt32.self)
    }

    private static func laneCount(bitsPerSample: Int) -> Int { bitsPerSample == 8 ? 4 : 1 }

    /// - Parameters:
    ///   - tileCount: The tiles in a row of them.
    ///   - pixelCount: The pixels of a tile.
    ///   - bitsPerSample: 8 or 16.
    ///   - clip: How many times the mean a bin may hold.
    ///   - scratch: Where tables and histogram are.
    init(
        tileCount: Int, pixelCount: Int, bitsPerSample: Int, clip: Double,
        scratch: inout ScratchMemory
    ) {
        binCount = 1 << bitsPerSample
        laneCount = Self.laneCount(bitsPerSample: bitsPerSample)
        pairs = scratch.take(2 * tileCount * binCount)
        histogram = scratch.take(laneCount * binCount)
        self.pixelCount = pixelCount
        limit = UInt32(max(min(clip * Double(pixelCount) / Double(binCount), 4_294_967_295), 1))
    }

    /// The pairs of a tile's column, one for each luma.
    func pairs(ofColumn column: Int) -> Row<UInt16> {
        pairs[2 * column * binCount..<2 * (column + 1) * binCount]
    }

    /// Begins with a tile.
    func beginTile() { histogram.fill(with: 0) }

    /// Counts pixels of the tile.
    func count<Sample: PixelSample>(_ luma: Row<Sample>) {
        if Sample.bitWidth == 8 {
            histogram.count(luma, binCount: 256, laneCount: 4)
        } else {
            histogram.count(luma, binCount: 65536, laneCount: 1)
        }
    }

    /// Makes the table of the tile from its histogram.
    ///
    /// No level is above white, since the bins hold no more than all pixels.
    func endTile(row: Int, column: Int) {
        histogram.addLanes(binCount: binCount, laneCount: laneCount)
        let share = limitContrast()
        // The new luma with 40 fractional bits, rounded: whole numbers need no conversions, and
        // adding them up is all that one bin waits for in another.
        let scale = UInt64((Double(binCount - 1) / Double(pixelCount) * 0x1p40).rounded())
        var level: UInt64 = 1 << 39
        let pairs = pairs(ofColumn: column)
        for bin in 0..<binCount {
            level &+= UInt64(histogram[bin] &+ share) &* scale
            pairs[2 &* bin &+ (row & 1)] = UInt16(truncatingIfNeeded: level &>> 40)
        }
    }

    /// Cuts what bins hold beyond the limit.
    ///
    /// - Returns: What must be added to each bin, so that they hold all pixels again.
    private func limitContrast() -> UInt32 {
        var excess: UInt32 = 0
        for bin in 0..<binCount {
            let kept = min(histogram[bin], limit)
            excess = excess &+ (histogram[bin] &- kept)
            histogram[bin] = kept
        }
        let rest = Int(excess) % binCount
        let step = max(binCount / max(rest, 1), 1)
        for index in 0..<rest where index * step < binCount { histogram[index * step] += 1 }
        return excess / UInt32(binCount)
    }
}
