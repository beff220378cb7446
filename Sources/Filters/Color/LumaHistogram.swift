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

    static func scratchByteCount(for format: PixelFormat) -> Int {
        ScratchMemory.byteCount(laneCount << format.bitsPerSample, of: UInt32.self)
    }

    /// Counts the luma of every pixel, in scratch memory.
    init<Sample: PixelSample>(
        of image: Rows<Sample>, format: PixelFormat, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let binCount = 1 << format.bitsPerSample
        let all: Row<UInt32> = scratch.take(Self.laneCount * binCount)
        all.fill(with: 0)
        let channelCount = format.channelCount
        let width = image.elementsPerRow / channelCount
        for y in 0..<image.count {
            try checkpoint.check(atRow: y)
            let samples = image[y]
            for x in 0..<width {
                let bin = (x & 3) &* binCount &+ Int(samples.luma(at: x &* channelCount, format))
                all[bin] = all[bin] &+ 1
            }
        }
        let counts = all[0..<binCount]
        for bin in 0..<binCount {
            counts[bin] =
                counts[bin] &+ all[binCount &+ bin] &+ all[2 &* binCount &+ bin]
                &+ all[3 &* binCount &+ bin]
        }
        self.counts = counts
        pixelCount = width * image.count
    }

    /// The lowest luma of the brighter class, where the variance between both classes is largest
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

extension Row where Element: PixelSample {
    /// The luma of the pixel that begins at `index`, rounded.
    @inline(__always)
    func luma(at index: Int, _ format: PixelFormat) -> Element {
        format.isColor
            ? Luma.rec709(self[index], self[index &+ 1], self[index &+ 2]) : self[index]
    }
}
