internal import Images
internal import Profiling

/// How often each luma occurs in an image: 256 bins at 8 bits, 65536 at 16.
struct LumaHistogram {
    /// The pixels of each luma.
    let counts: Row<UInt32>

    /// The pixels of the image.
    let pixelCount: Int

    /// Four histograms that are added up at the end: pixels of one luma that follow each other
    /// would otherwise wait for each other's count.
    private static let laneCount = 4

    static func scratchByteCount(for layout: PixelLayout) -> Int {
        ScratchMemory.byteCount(laneCount << layout.format.bitsPerSample, of: UInt32.self)
            + ScratchMemory.byteCount(layout.width, of: UInt16.self)
            + LumaReader<UInt16>.scratchByteCount(for: layout)
    }

    /// Counts the luma of every pixel, in scratch memory.
    init<Sample: PixelSample>(
        of image: Rows<Sample>, _ layout: PixelLayout, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let binCount = 1 << layout.format.bitsPerSample
        let all: Row<UInt32> = scratch.take(Self.laneCount * binCount)
        all.fill(with: 0)
        let reader = LumaReader<Sample>(of: layout, scratch: &scratch)
        let luma: Row<Sample> = scratch.take(layout.width)
        for y in 0..<image.count {
            try checkpoint.check(atRow: y)
            reader.read(image[y], into: luma)
            all.count(luma, binCount: binCount)
        }
        let counts = all[0..<binCount]
        for bin in 0..<binCount {
            counts[bin] =
                counts[bin] &+ all[binCount &+ bin] &+ all[2 &* binCount &+ bin]
                &+ all[3 &* binCount &+ bin]
        }
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
    /// Counts each value, in 4 histograms by turns or in one.
    @inline(__always)
    func count<Sample: PixelSample>(_ values: Row<Sample>, binCount: Int, laneCount: Int = 4) {
        for x in 0..<values.count {
            let lane = x & (laneCount &- 1)
            let bin = lane &* binCount &+ Int(truncatingIfNeeded: values[x])
            self[bin] = self[bin] &+ 1
        }
    }
}
