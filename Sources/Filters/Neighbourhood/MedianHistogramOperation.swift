internal import Images
internal import Profiling

/// Medians of larger windows from histograms.
///
/// At 8 bits each column of the window has a histogram of its own, and the window's is the sum of
/// them, so that a step to the right is one addition and one subtraction of histograms, whatever the
/// radius (S. Perreault and P. Hébert, "Median Filtering in Constant Time", 2007). At 16 bits, where
/// such a histogram would be too large to add, the samples of a column enter and leave one by one.
struct MedianHistogramOperation: Operation {
    let source: PixelLayout
    let radius: Int

    var result: PixelLayout { source }

    /// The pixels of a strip, whose histograms fit the second-level cache.
    private static let stripWidth = 256

    private var columnCount: Int { min(Self.stripWidth, source.width) + 2 * radius }

    var scratchByteCount: Int {
        source.format.bitsPerSample == 8
            ? ScratchMemory.byteCount(columnCount * 272, of: UInt16.self)
                + ScratchMemory.byteCount(16, of: Int.self)
                + 2 * ScratchMemory.byteCount(256, of: UInt16.self)
                + ScratchMemory.byteCount(16, of: UInt16.self)
            : ScratchMemory.byteCount(65536 + 256, of: UInt32.self)
    }

    func run(
        from source: ImageMemory, to result: ImageMemory, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) -> PixelLayout {
        if self.source.format.bitsPerSample == 8 {
            try run(source.rows(of: UInt8.self), result.rows(of: UInt8.self), &scratch, checkpoint)
        } else {
            try run(
                source.rows(of: UInt16.self), result.rows(of: UInt16.self), &scratch, checkpoint)
        }
        return self.result
    }
}

// 8 bits: histograms of columns.
extension MedianHistogramOperation {
    private typealias Sixteen = SIMD16<UInt16>

    /// The histograms of a strip and of the window: of the upper four bits (coarse) and, for each of
    /// their values, of the lower four (fine).
    ///
    /// All are cumulative, so that the bin of the median is found by one comparison of sixteen counts
    /// and not by a search whose end no processor can foresee. A sample then changes up to sixteen
    /// counts, but these are one vector.
    private struct Histograms {
        /// For each column 16 coarse counts and then 16 fine ones for each of them.
        let columns: Row<UInt16>

        /// The fine counts of the window, each sixteen of them as of the column in `places`.
        let fine: Row<UInt16>

        /// The coarse counts of the window.
        let coarse: Row<UInt16>

        /// For each four bits ones from their value on.
        let steps: Row<UInt16>

        /// The last column that each sixteen fine counts of the window have in them.
        let places: Row<Int>

        @inline(__always)
        func add(_ sample: UInt8, to column: Int) {
            let (coarse, fine) = places(of: sample, in: column)
            columns.store(
                self.columns.vector(at: coarse) &+ step(sample &>> 4), at: coarse)
            columns.store(self.columns.vector(at: fine) &+ step(sample & 15), at: fine)
        }

        @inline(__always)
        func remove(_ sample: UInt8, from column: Int) {
            let (coarse, fine) = places(of: sample, in: column)
            columns.store(
                self.columns.vector(at: coarse) &- step(sample &>> 4), at: coarse)
            columns.store(self.columns.vector(at: fine) &- step(sample & 15), at: fine)
        }

        @inline(__always)
        private func places(of sample: UInt8, in column: Int) -> (coarse: Int, fine: Int) {
            let base = column &* 272
            return (base, base &+ 16 &+ Int(sample & 0xF0))
        }

        @inline(__always)
        private func step(_ nibble: UInt8) -> Sixteen { steps.vector(at: 16 &* Int(nibble)) }

        @inline(__always)
        func coarse(_ column: Int) -> Sixteen { columns.vector(at: column &* 272) }

        @inline(__always)
        func fine(_ column: Int, _ bin: Int) -> Sixteen {
            columns.vector(at: column &* 272 &+ 16 &+ 16 &* bin)
        }
    }

    private func run(
        _ source: Rows<UInt8>, _ result: Rows<UInt8>, _ scratch: inout ScratchMemory,
        _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let histograms = Histograms(
            columns: scratch.take(columnCount * 272), fine: scratch.take(256),
            coarse: scratch.take(16), steps: scratch.take(256), places: scratch.take(16))
        for index in 0..<256 { histograms.steps[index] = index & 15 >= index >> 4 ? 1 : 0 }
        for left in stride(from: 0, to: self.source.width, by: Self.stripWidth) {
            let width = min(Self.stripWidth, self.source.width - left)
            for channel in 0..<self.source.format.channelCount {
                histograms.columns.fill(with: 0)
                for y in -radius..<radius {
                    add(source.nearest(y), to: histograms, left, width, channel)
                }
                for y in 0..<source.count {
                    try checkpoint.check(atRow: y)
                    if y > 0 {
                        remove(
                            source.nearest(y - radius - 1), from: histograms, left, width, channel)
                    }
                    add(source.nearest(y + radius), to: histograms, left, width, channel)
                    findMedians(histograms, left, width, channel, to: result[y])
                }
            }
        }
    }

    private func add(
        _ samples: Row<UInt8>, to histograms: Histograms, _ left: Int, _ width: Int, _ channel: Int
    ) {
        for column in 0..<width + 2 * radius {
            let x = min(max(left &+ column &- radius, 0), source.width &- 1)
            histograms.add(samples[x &* source.format.channelCount &+ channel], to: column)
        }
    }

    private func remove(
        _ samples: Row<UInt8>, from histograms: Histograms, _ left: Int, _ width: Int,
        _ channel: Int
    ) {
        for column in 0..<width + 2 * radius {
            let x = min(max(left &+ column &- radius, 0), source.width &- 1)
            histograms.remove(samples[x &* source.format.channelCount &+ channel], from: column)
        }
    }

    private func findMedians(
        _ histograms: Histograms, _ left: Int, _ width: Int, _ channel: Int, to result: Row<UInt8>
    ) {
        let channelCount = source.format.channelCount
        let window = 2 * radius + 1
        let half = UInt16(window * window / 2)
        let coarse = histograms.coarse
        var sum = Sixteen()
        for column in 0..<window - 1 { sum &+= histograms.coarse(column) }
        histograms.places.fill(with: -1)
        for x in 0..<width {
            let last = x &+ window &- 1
            sum &+= histograms.coarse(last)
            coarse.store(sum, at: 0)
            // The first bin up to which more than half of the samples lie.
            let bin = coarse.count(from: 0, upTo: half)
            let below = bin > 0 ? coarse[bin &- 1] : 0
            moveFine(histograms, bin, last)
            let value = histograms.fine.count(from: 16 &* bin, upTo: half &- below)
            result[(left &+ x) &* channelCount &+ channel] = UInt8(
                truncatingIfNeeded: bin &<< 4 | value)
            sum &-= histograms.coarse(x)
        }
    }

    /// Brings the fine counts of one coarse bin to the window that ends with column `last`: from where
    /// they were last needed, or anew where that is nearer.
    @inline(__always)
    private func moveFine(_ histograms: Histograms, _ bin: Int, _ last: Int) {
        let window = 2 * radius + 1
        var fine: Sixteen = histograms.fine.vector(at: 16 &* bin)
        let place = histograms.places[bin]
        if place < 0 || last &- place > radius {
            fine = Sixteen()
            for column in last &- window &+ 1...last {
                fine &+= histograms.fine(column, bin)
            }
        } else {
            for column in place &+ 1..<last &+ 1 {
                fine &+= histograms.fine(column, bin)
                fine &-= histograms.fine(column &- window, bin)
            }
        }
        histograms.fine.store(fine, at: 16 &* bin)
        histograms.places[bin] = last
    }
}

extension Row<UInt16> {
    /// How many of sixteen counts from `index` on are no greater than a limit.
    @inline(__always)
    fileprivate func count(from index: Int, upTo limit: UInt16) -> Int {
        var count = 0
        for bin in index..<index &+ 16 where self[bin] <= limit { count &+= 1 }
        return count
    }
}

// 16 bits: one histogram of the window.
extension MedianHistogramOperation {
    private func run(
        _ source: Rows<UInt16>, _ result: Rows<UInt16>, _ scratch: inout ScratchMemory,
        _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let counts: Row<UInt32> = scratch.take(65536 + 256)
        let channelCount = self.source.format.channelCount
        let width = self.source.width
        let window = 2 * radius + 1
        let half = UInt32(window * window / 2)
        // The coarse counts, of the upper eight bits, lie behind the fine ones.
        @inline(__always)
        func change(_ samples: Row<UInt16>, _ x: Int, _ channel: Int, by change: UInt32) {
            let sample = Int(samples[min(max(x, 0), width &- 1) &* channelCount &+ channel])
            counts[sample] = counts[sample] &+ change
            let coarse = 65536 &+ sample &>> 8
            counts[coarse] = counts[coarse] &+ change
        }
        for channel in 0..<channelCount {
            for y in 0..<source.count {
                try checkpoint.check()
                counts.fill(with: 0)
                for row in y - radius...y + radius {
                    for x in -radius..<radius { change(source.nearest(row), x, channel, by: 1) }
                }
                for x in 0..<width {
                    for row in y - radius...y + radius {
                        let samples = source.nearest(row)
                        if x > 0 { change(samples, x - radius - 1, channel, by: 0 &- 1) }
                        change(samples, x + radius, channel, by: 1)
                    }
                    var below: UInt32 = 0
                    var bin = 65536
                    while below &+ counts[bin] <= half {
                        below &+= counts[bin]
                        bin &+= 1
                    }
                    var value = (bin &- 65536) &<< 8
                    while below &+ counts[value] <= half {
                        below &+= counts[value]
                        value &+= 1
                    }
                    result[y][x &* channelCount &+ channel] = UInt16(truncatingIfNeeded: value)
                }
            }
        }
    }
}
