internal import Images
internal import Profiling

/// How often each luma occurs in an image, for one range of lumas after the other.
struct LumaHistogram<Sample: PixelSample> {
    /// The pixels of the image.
    let pixelCount: Int

    /// How the lumas are cut into ranges.
    let ranges: LevelRanges

    /// What has read the row that was asked for last.
    let reader: LumaReader<Sample>

    private let image: Rows<Sample>

    /// A row of lumas, or all of them where they are kept.
    private let luma: Row<Sample>
    private let kept: Rows<Sample>?

    /// The pixels of each luma of a range, and behind them those of all others.
    private let counts: Row<UInt32>

    /// The histograms that are added up at the end, of images large enough for it.
    ///
    /// In one, pixels of one luma that follow each other would wait for each other's count. More
    /// than two of 16 bits would not leave room in the second-level cache.
    private let laneCount: Int

    /// The bytes of scratch memory that a histogram takes.
    static func scratchByteCount(
        for layout: PixelLayout, ranges: LevelRanges, keepsLumas: Bool = false
    ) -> Int {
        rowByteCount(for: layout)
            + ScratchMemory.byteCount(
                laneCount(layout, ranges) * ranges.length + 1, of: UInt32.self)
            + (keepsLumas && !ranges.isWhole
                ? ScratchMemory.byteCount(layout.size.pixelCount, samplesOf: layout.format) : 0)
    }

    /// The ranges for which a histogram, and other tables of some bytes for each luma, have room.
    static func ranges(
        for layout: PixelLayout, bytesPerLuma: Int = 0, keepsLumas: Bool = false
    ) -> LevelRanges {
        let keptByteCount = layout.size.pixelCount * layout.format.bytesPerSample
        let room =
            ScratchMemory.room(for: layout) - 2 * rowByteCount(for: layout)
            - (keepsLumas ? keptByteCount : 0)
        return LevelRanges(
            bitsPerSample: layout.format.bitsPerSample,
            room: room / (MemoryLayout<UInt32>.stride + bytesPerLuma))
    }

    private static func rowByteCount(for layout: PixelLayout) -> Int {
        ScratchMemory.byteCount(layout.width, samplesOf: layout.format)
            + LumaReader<Sample>.scratchByteCount(for: layout)
    }

    private static func laneCount(_ layout: PixelLayout, _ ranges: LevelRanges) -> Int {
        let most = layout.format.bitsPerSample == 8 ? 4 : 2
        let isWorthIt = layout.size.pixelCount >= 4 * most * ranges.levelCount
        return isWorthIt && ranges.isWhole ? most : 1
    }

    /// - Parameters:
    ///   - image: What is counted.
    ///   - layout: Its layout.
    ///   - ranges: How the lumas are cut.
    ///   - keepsLumas: Whether the image is changed before all ranges are counted.
    ///   - scratch: Where the counts are.
    ///   - checkpoint: Asked at least every 16 rows.
    /// - Throws: Why it was stopped.
    init(
        of image: Rows<Sample>, _ layout: PixelLayout, ranges: LevelRanges,
        keepsLumas: Bool = false, scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        self.image = image
        self.ranges = ranges
        pixelCount = layout.size.pixelCount
        laneCount = Self.laneCount(layout, ranges)
        counts = scratch.take(laneCount * ranges.length + 1)
        luma = scratch.take(layout.width)
        reader = LumaReader(of: layout, scratch: &scratch)
        kept =
            keepsLumas && !ranges.isWhole
            ? scratch.takeRows(layout.height, elementsPerRow: layout.width) : nil
        if ranges.isWhole {
            try count(0, checkpoint)
        } else if let kept {
            for y in 0..<image.count {
                try checkpoint.check(atRow: y)
                reader.read(image[y], into: kept[y])
            }
        }
    }

    /// Reads a row as it is now, and gives its lumas: those that it had at first where they are kept.
    func read(_ y: Int) -> Row<Sample> {
        reader.read(image[y], into: luma)
        return kept?[y] ?? luma
    }

    /// Calls `body` with the first luma of each range, from dark to bright, and the pixels of each
    /// luma from it on.
    func forEachRange(
        _ checkpoint: Checkpoint,
        _ body: (_ first: Int, _ counts: Row<UInt32>) throws(Interruption) -> Void
    ) throws(Interruption) {
        for range in 0..<ranges.count {
            if !ranges.isWhole { try count(range, checkpoint) }
            try body(ranges.start(of: range), counts[0..<ranges.length])
        }
    }

    /// Calls `body` with each luma, from dark to bright, and its pixels.
    func forEachLuma(
        _ checkpoint: Checkpoint, _ body: (_ luma: Int, _ count: Int) -> Void
    ) throws(Interruption) {
        try forEachRange(checkpoint) { first, counts throws(Interruption) in
            for index in 0..<counts.count { body(first &+ index, Int(counts[index])) }
        }
    }

    private func count(_ range: Int, _ checkpoint: Checkpoint) throws(Interruption) {
        counts.fill(with: 0)
        for y in 0..<image.count {
            try checkpoint.check(atRow: y)
            let luma = kept?[y] ?? read(y)
            if kept == nil { image.prefetch(after: y) }
            if !ranges.isWhole {
                counts.count(luma, from: Sample(truncatingIfNeeded: ranges.start(of: range)))
            } else if laneCount == 1 {
                counts.count(luma, binCount: ranges.length, laneCount: 1)
            } else if Sample.bitWidth == 8 {
                counts.count(luma, binCount: 256, laneCount: 4)
            } else {
                counts.count(luma, binCount: 65536, laneCount: 2)
            }
        }
        counts.addLanes(binCount: ranges.length, laneCount: laneCount)
    }
}

extension Row<UInt32> {
    /// Counts each value from `first` on in its place, and all others in the last one.
    @inline(__always)
    func count<Sample: PixelSample>(_ values: Row<Sample>, from first: Sample) {
        let last = count &- 1
        for x in 0..<values.count {
            let bin = Swift.min(Int(truncatingIfNeeded: values[x] &- first), last)
            self[bin] = self[bin] &+ 1
        }
    }

    /// Counts each value, in several histograms by turns or in one.
    @inline(__always)
    func count<Sample: PixelSample>(_ values: Row<Sample>, binCount: Int, laneCount: Int) {
        for x in 0..<values.count {
            let lane = x & (laneCount &- 1)
            let bin = lane &* binCount &+ Int(truncatingIfNeeded: values[x])
            self[bin] = self[bin] &+ 1
        }
    }

    /// Adds all histograms to the first.
    func addLanes(binCount: Int, laneCount: Int) {
        for lane in 1..<max(laneCount, 1) {
            for bin in 0..<binCount { self[bin] = self[bin] &+ self[lane &* binCount &+ bin] }
        }
    }
}
