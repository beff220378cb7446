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
                + ScratchMemory.byteCount(272, of: UInt16.self)
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
    private struct Histograms {
        /// For each column 16 coarse counts and then 256 fine ones.
        let columns: Row<UInt16>

        /// The fine counts of the window, each sixteen of them as of the column in `places`.
        let fine: Row<UInt16>

        /// The last column that each sixteen fine counts of the window have in them.
        let places: Row<Int>

        @inline(__always)
        func add(_ sample: UInt8, to column: Int, _ change: UInt16) {
            let base = column &* 272
            let coarse = base &+ Int(sample &>> 4)
            let fine = base &+ 16 &+ Int(sample)
            columns[coarse] = columns[coarse] &+ change
            columns[fine] = columns[fine] &+ change
        }

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
            places: scratch.take(16))
        for left in stride(from: 0, to: self.source.width, by: Self.stripWidth) {
            let width = min(Self.stripWidth, self.source.width - left)
            for channel in 0..<self.source.format.channelCount {
                histograms.columns.fill(with: 0)
                for y in -radius..<radius {
                    change(histograms, source.nearest(y), left, width, channel, by: 1)
                }
                for y in 0..<source.count {
                    try checkpoint.check(atRow: y)
                    if y > 0 {
                        change(
                            histograms, source.nearest(y - radius - 1), left, width, channel,
                            by: 0 &- 1)
                    }
                    change(histograms, source.nearest(y + radius), left, width, channel, by: 1)
                    findMedians(histograms, left, width, channel, to: result[y])
                }
            }
        }
    }

    /// Adds a row to the histograms of the columns, or takes it out.
    private func change(
        _ histograms: Histograms, _ samples: Row<UInt8>, _ left: Int, _ width: Int,
        _ channel: Int, by change: UInt16
    ) {
        let channelCount = source.format.channelCount
        for column in 0..<width + 2 * radius {
            let x = min(max(left + column - radius, 0), source.width - 1)
            histograms.add(samples[x &* channelCount &+ channel], to: column, change)
        }
    }

    private func findMedians(
        _ histograms: Histograms, _ left: Int, _ width: Int, _ channel: Int, to result: Row<UInt8>
    ) {
        let channelCount = source.format.channelCount
        let window = 2 * radius + 1
        let half = UInt16(window * window / 2)
        var coarse = Sixteen()
        for column in 0..<window - 1 { coarse &+= histograms.coarse(column) }
        histograms.places.fill(with: -1)
        for x in 0..<width {
            let last = x + window - 1
            coarse &+= histograms.coarse(last)
            // The first bin up to which more than half of the samples lie.
            var below: UInt16 = 0
            var bin = 0
            while below &+ coarse[bin] <= half {
                below &+= coarse[bin]
                bin &+= 1
            }
            let fine = fine(histograms, bin, last)
            var value = 0
            while below &+ fine[value] <= half {
                below &+= fine[value]
                value &+= 1
            }
            result[(left &+ x) &* channelCount &+ channel] = UInt8(
                truncatingIfNeeded: bin &<< 4 | value)
            coarse &-= histograms.coarse(x)
        }
    }

    /// The fine counts of one coarse bin in the window that ends with column `last`: those of the
    /// window where they were last needed, moved here, or new where that is nearer.
    @inline(__always)
    private func fine(_ histograms: Histograms, _ bin: Int, _ last: Int) -> Sixteen {
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
        return fine
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
