internal import Images
internal import Profiling

/// How often each luma occurs in an image: 256 bins at 8 bits, 65536 at 16.
struct LumaHistogram {
    /// The pixels of each luma.
    let counts: Row<UInt32>

    /// The pixels of the image.
    let pixelCount: Int

    /// The histograms that are added up at the end.
    ///
    /// In one, pixels of one luma that follow each other would wait for each other's count. More
    /// than two of 16 bits would not leave room in the second-level cache.
    private static func laneCount(bitsPerSample: Int) -> Int { bitsPerSample == 8 ? 4 : 2 }

    static func scratchByteCount(for layout: PixelLayout) -> Int {
        let bitsPerSample = layout.format.bitsPerSample
        return ScratchMemory.byteCount(
            laneCount(bitsPerSample: bitsPerSample) << bitsPerSample, of: UInt32.self)
            + ScratchMemory.byteCount(layout.width, of: UInt16.self)
            + LumaReader<UInt16>.scratchByteCount(for: layout)
    }

    /// Counts the luma of every pixel, in scratch memory.
    init<Sample: PixelSample>(
        of image: Rows<Sample>, _ layout: PixelLayout, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let binCount = 1 << layout.format.bitsPerSample
        let laneCount = Self.laneCount(bitsPerSample: Sample.bitWidth)
        let all: Row<UInt32> = scratch.take(laneCount * binCount)
        all.fill(with: 0)
        let reader = LumaReader<Sample>(of: layout, scratch: &scratch)
        let luma: Row<Sample> = scratch.take(layout.width)
        for y in 0..<image.count {
            try checkpoint.check(atRow: y)
            reader.read(image[y], into: luma)
            if Sample.bitWidth == 8 {
                all.count(luma, binCount: 256, laneCount: 4)
            } else {
                all.count(luma, binCount: 65536, laneCount: 2)
            }
        }
        let counts = all[0..<binCount]
        all.addLanes(binCount: binCount, laneCount: laneCount)
        self.counts = counts
        pixelCount = layout.size.pixelCount
    }

    /// The lowest luma of the brighter class, where the variance between both classes is largest.
    ///
    /// (N. Otsu, "A Threshold Selection Method from Gray-Level Histograms", 1979).
    var otsuThreshold: Int {
        var total = 0.0
        for bin in 0..<counts.count { total += Double(bin) * Double(counts[bin]) }
        var best = (threshold: 0, variance: -1.0)
        var (below, sumBelow) = (0.0, 0.0)
        for bin in 0..<counts.count {
            let above = Double(pixelCount) - below
            if below > 0 && above > 0 {
                let difference = sumBelow / below - (total - sumBelow) / above
                let variance = below * above * difference * difference
                if variance > best.variance { best = (bin, variance) }
            }
            below += Double(counts[bin])
            sumBelow += Double(bin) * Double(counts[bin])
        }
        return best.variance < 0 ? 1 : best.threshold
    }
}

extension Row<UInt32> {
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
