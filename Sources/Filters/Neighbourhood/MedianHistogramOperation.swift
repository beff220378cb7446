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

    /// The pixels of a strip, whose histograms fit the second-level cache and the scratch memory.
    private var stripWidth: Int {
        let room = ScratchMemory.room(for: source) - 2048
        return min(256, source.width, room / (2 * 272) - 2 * radius)
    }

    private var columnCount: Int { stripWidth + 2 * radius }

    /// The levels that are counted at a time at 16 bits.
    private var ranges: LevelRanges {
        LevelRanges(
            bitsPerSample: 16,
            room: ScratchMemory.room(for: source) / MemoryLayout<UInt32>.stride - 257, least: 256)
    }

    var scratchByteCount: Int {
        source.format.bitsPerSample == 8
            ? ScratchMemory.byteCount(columnCount * 272, of: UInt16.self)
                + ScratchMemory.byteCount(16, of: Int.self)
                + 2 * ScratchMemory.byteCount(256, of: UInt16.self)
                + ScratchMemory.byteCount(16, of: UInt16.self)
            : ScratchMemory.byteCount(ranges.length + 1, of: UInt32.self)
                + ScratchMemory.byteCount(256, of: UInt32.self)
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
        for left in stride(from: 0, to: self.source.width, by: stripWidth) {
            let width = min(stripWidth, self.source.width - left)
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

// 16 bits: one histogram of the window, for one range of levels after the other.
extension MedianHistogramOperation {
    private func run(
        _ source: Rows<UInt16>, _ result: Rows<UInt16>, _ scratch: inout ScratchMemory,
        _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let ranges = ranges
        let counts = WideCounts(fine: scratch.take(ranges.length + 1), coarse: scratch.take(256))
        for range in 0..<ranges.count {
            let start = UInt16(truncatingIfNeeded: ranges.start(of: range))
            for channel in 0..<self.source.format.channelCount {
                for y in 0..<source.count {
                    try checkpoint.check()
                    if ranges.isWhole {
                        findMedians(source, y, channel, counts, 0, to: result[y]) { Int($0) }
                    } else {
                        findMedians(source, y, channel, counts, start, to: result[y]) {
                            min(Int($0 &- start), ranges.length)
                        }
                    }
                }
            }
        }
    }

    /// The samples of the window.
    private struct WideCounts {
        /// Of each level of a range, and behind them of all others.
        let fine: Row<UInt32>

        /// Of the upper eight bits.
        let coarse: Row<UInt32>

        /// The level up to which more than some samples lie, if it is in the range from `start` on.
        @inline(__always)
        func level(above half: UInt32, from start: UInt16) -> UInt16? {
            var below: UInt32 = 0
            var bin = 0
            while below &+ coarse[bin] <= half {
                below &+= coarse[bin]
                bin &+= 1
            }
            var place = bin &<< 8 &- Int(start)
            guard place >= 0 && place < fine.count &- 1 else { return nil }
            while below &+ fine[place] <= half {
                below &+= fine[place]
                place &+= 1
            }
            return start &+ UInt16(truncatingIfNeeded: place)
        }
    }

    /// Writes those medians of a row that are in the range from `start` on; `place` tells where in it
    /// a sample is counted.
    @inline(__always)
    private func findMedians(
        _ source: Rows<UInt16>, _ y: Int, _ channel: Int, _ counts: WideCounts, _ start: UInt16,
        to result: Row<UInt16>, place: (_ sample: UInt16) -> Int
    ) {
        let channelCount = self.source.format.channelCount
        let width = self.source.width
        let window = 2 * radius + 1
        let half = UInt32(window * window / 2)
        @inline(__always)
        func change(_ samples: Row<UInt16>, _ x: Int, by change: UInt32) {
            let sample = samples[min(max(x, 0), width &- 1) &* channelCount &+ channel]
            let (fine, coarse) = (place(sample), Int(sample &>> 8))
            counts.fine[fine] = counts.fine[fine] &+ change
            counts.coarse[coarse] = counts.coarse[coarse] &+ change
        }
        counts.fine.fill(with: 0)
        counts.coarse.fill(with: 0)
        for row in y - radius...y + radius {
            let samples = source.nearest(row)
            for x in -radius..<radius { change(samples, x, by: 1) }
        }
        for x in 0..<width {
            for row in y - radius...y + radius {
                let samples = source.nearest(row)
                if x > 0 { change(samples, x - radius - 1, by: 0 &- 1) }
                change(samples, x + radius, by: 1)
            }
            if let level = counts.level(above: half, from: start) {
                result[x &* channelCount &+ channel] = level
            }
        }
    }
}
