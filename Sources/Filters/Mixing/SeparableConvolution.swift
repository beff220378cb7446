internal import Images
internal import Profiling

/// A convolution with the same odd, symmetric kernel along rows and columns.
///
/// Each source row is prepared and convolved along itself. The rows that come out are kept in a
/// ring, and their columns are summed in bands and in strips, so that what is read again is still
/// in the first-level cache.
///
/// Where the ring would be most of the image and more than it may take, the image is worked on in
/// strips with a ring each, for which the pixels beside a strip are prepared once more.
struct SeparableConvolution<Working: WorkingSample>: Sendable {
    private let layout: PixelLayout
    private let format: WorkingFormat
    private let kernel: SpacedKernel
    private let sums: SymmetricSums<Working>

    /// The columns that are worked on at a time: all of them where there is room.
    private var stripWidth: Int

    /// From a row in the ring to the next: an odd number of cache lines, so that the same columns of all
    /// rows fall into different sets of the first-level cache.
    private var ringPitch: Int

    private static var lanes: Int { Working.Vector.scalarCount }

    /// The samples of a cache line, of which there is a whole number in a row of the ring.
    private static var line: Int { 2 * lanes }
    private static var bandCount: Int { 16 }

    /// - Parameters:
    ///   - layout: What is read and written.
    ///   - kernel: None of its weights is below zero.
    ///   - isLinear: Whether samples are decoded to linear light.
    ///   - room: The bytes of scratch memory that there are.
    init(of layout: PixelLayout, with kernel: SpacedKernel, isLinear: Bool, room: Int) {
        self.layout = layout
        self.kernel = kernel
        format = WorkingFormat(of: layout.format, isLinear: isLinear)
        sums = SymmetricSums(kernel)
        stripWidth = layout.width
        ringPitch = 0
        ringPitch = (rowCount / Self.line | 1) * Self.line
        guard scratchByteCount > room else { return }
        // As many lines as there is room for, and columns that fill them.
        let lineCounts = stride(from: ringPitch / Self.line, to: 0, by: -2)
        for lineCount in lineCounts where scratchByteCount > room {
            ringPitch = lineCount * Self.line
            stripWidth = min(ringPitch / layout.format.channelCount, layout.width)
        }
    }

    /// Whether all columns are worked on at a time, so that a row is read for the last time before one
    /// below it is written.
    var isWhole: Bool { stripWidth == layout.width }

    /// How far from the middle rows are summed.
    private var radius: Int { kernel.radius }

    /// How far from the middle of a row that is summed others are smoothed into it.
    private var smoothingRadius: Int { kernel.isSmoothed ? SpacedKernel.reach : 0 }

    /// The rows that are summed: beyond the border there are some that smoothing makes differ from
    /// those at the border.
    private var summedCount: Int { layout.height + 2 * smoothingRadius }

    private var ringCount: Int { min(2 * radius + Self.bandCount, summedCount) }

    private var stripCount: Int { stripWidth * layout.format.channelCount }

    /// The samples of a row of a strip, filled up to whole groups of vectors.
    private var rowCount: Int { stripCount.roundedUp(to: SymmetricSums<Working>.group) }

    /// The samples of a row of a strip in the ring, filled up to whole cache lines.
    private var ringRowCount: Int { stripCount.roundedUp(to: Self.line) }

    /// The samples before a row that are summed.
    private var margin: Int { radius * layout.format.channelCount }

    /// The pixels beside a strip that are summed or smoothed.
    private var reach: Int { radius + smoothingRadius }

    /// The rows of a block of results.
    var blockHeight: Int { isWhole ? Self.bandCount : layout.height }

    /// The end of the source rows that are read for the rows of the result up to `end`.
    func sourceEnd(forRowsTo end: Int) -> Int {
        min(summedEnd(forRowsTo: end), layout.height)
    }

    /// The same of the rows that are summed, the first of which is that many rows above the border.
    private func summedEnd(forRowsTo end: Int) -> Int {
        end == 0 ? 0 : min(end + radius + smoothingRadius, summedCount)
    }

    /// The bytes of scratch memory that a run takes.
    var scratchByteCount: Int {
        Buffers.byteCount(for: self)
    }

    /// Calls `body` with some rows of the result on the working scale, from the top: with whole ones,
    /// or with all rows of a strip and then with those of the next.
    ///
    /// - Parameters:
    ///   - rows: Whole blocks, which follow those of the last run with the same scratch memory.
    ///   - scratch: Where the buffers are.
    ///   - checkpoint: Asked at least every 16 rows.
    ///   - prepare: Writes some samples of a row of the source on the working scale; called once
    ///     for each row and strip, from the top, and before `body` for the same row.
    ///   - body: Takes some samples of a row of the result.
    /// - Throws: Why it was stopped.
    @inline(__always)
    func run(
        rows: Range<Int>, scratch: inout ScratchMemory, checkpoint: Checkpoint,
        prepare: (_ y: Int, _ samples: Range<Int>, _ row: Row<Working>) -> Void,
        body: (_ y: Int, _ samples: Range<Int>, _ result: Row<Working>) -> Void
    ) throws(Interruption) {
        let buffers = Buffers(for: self, &scratch)
        let (ring, around) = (buffers.ring, buffers.around)
        for left in stride(from: 0, to: layout.width, by: stripWidth) {
            let strip = strip(from: left)
            let (samples, read) = (samples(of: strip.columns), samples(of: strip.read))
            var summed = summedEnd(forRowsTo: rows.lowerBound)
            for top in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.bandCount) {
                let bottom = min(top + Self.bandCount, layout.height)
                let end = summedEnd(forRowsTo: bottom)
                for index in summed..<max(end, summed) {
                    try checkpoint.check(atRow: index)
                    if index < layout.height {
                        prepare(index, read, buffers.source(index, of: strip))
                    }
                    sumAlong(index, strip, buffers)
                }
                summed = max(summed, end)
                try checkpoint.check()
                for index in 0..<around.count {
                    let y = top - radius + index + smoothingRadius
                    around[index] = ring[min(max(y, 0), end - 1) % ringCount]
                }
                sums.writeAcross(
                    around, columnCount: ringRowCount, to: buffers.band, count: bottom - top)
                for y in top..<bottom {
                    body(y, samples, buffers.band[y - top][0..<samples.count])
                }
            }
        }
    }

    /// Writes some rows of the result as samples.
    func run<Sample: PixelSample>(
        rows: Range<Int>, _ source: Rows<Sample>, into result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        try run(rows: rows, scratch: &scratch, checkpoint: checkpoint) {
            format.prepare(source[$0][$1], into: $2)
            source.prefetch(after: $0, $1)
        } body: {
            format.finish($2, into: result[$0][$1])
        }
    }

    /// Columns that are worked on at a time.
    private struct Strip {
        /// The columns that are made.
        let columns: Range<Int>

        /// Those that are read.
        let read: Range<Int>

        /// The samples beyond the border that are read on the left and on the right.
        let beyond: (left: Int, right: Int)
    }

    private func strip(from left: Int) -> Strip {
        let columns = left..<min(left + stripWidth, layout.width)
        let around = columns.lowerBound - reach..<columns.upperBound + reach
        let read = around.clamped(to: 0..<layout.width)
        let channelCount = layout.format.channelCount
        return Strip(
            columns: columns, read: read,
            beyond: (
                (read.lowerBound - around.lowerBound) * channelCount,
                (around.upperBound - read.upperBound) * channelCount
            ))
    }

    private func samples(of columns: Range<Int>) -> Range<Int> {
        let channelCount = layout.format.channelCount
        return columns.lowerBound * channelCount..<columns.upperBound * channelCount
    }

    /// Sums along a row of those that are summed, for which the source is prepared.
    private func sumAlong(_ index: Int, _ strip: Strip, _ buffers: Buffers) {
        let channelCount = layout.format.channelCount
        if kernel.isSmoothed { smoothAcross(index, strip, buffers) }
        let count = samples(of: strip.read).count + strip.beyond.left + strip.beyond.right
        buffers.padded[0..<count].extendEdges(
            left: strip.beyond.left, right: strip.beyond.right, channelCount: channelCount)
        if kernel.isSmoothed { smoothAlong(buffers.padded) }
        let row = buffers.ring[index % ringCount]
        if ringPitch >= rowCount {
            sums.writeAlong(buffers.padded, channelCount: channelCount, to: row[0..<rowCount])
        } else {
            sums.writeAlong(buffers.padded, channelCount: channelCount, to: buffers.summed)
            row.copy(buffers.summed[0..<ringRowCount])
        }
    }

    private func smoothAcross(_ index: Int, _ strip: Strip, _ buffers: Buffers) {
        func source(_ offset: Int) -> Row<Working> {
            buffers.recent(min(max(index - 2 * SpacedKernel.reach + offset, 0), layout.height - 1))
        }
        let (row0, row1, row2, row3, row4) = (source(0), source(1), source(2), source(3), source(4))
        let result = buffers.padded.from(strip.beyond.left)
        for column in stride(from: 0, to: samples(of: strip.read).count, by: Self.lanes) {
            result.store(
                Working.smoothed(
                    row2.vector(at: column),
                    near: (row1.vector(at: column), row3.vector(at: column)),
                    far: (row0.vector(at: column), row4.vector(at: column))), at: column)
        }
    }

    /// Smooths a row in place, each sample with those behind it.
    private func smoothAlong(_ samples: Row<Working>) {
        let distance = layout.format.channelCount
        for column in stride(from: 0, to: rowCount + 2 * margin, by: Self.lanes) {
            @inline(__always)
            func vector(_ offset: Int) -> Working.Vector {
                samples.vector(at: column &+ offset &* distance)
            }
            samples.store(
                Working.smoothed(
                    vector(2), near: (vector(1), vector(3)), far: (vector(0), vector(4))),
                at: column)
        }
    }
}

extension SeparableConvolution {
    /// The scratch memory of a run.
    private struct Buffers {
        /// The last rows that were summed along themselves.
        let ring: Rows<Working>

        /// The rows of a block of results.
        let band: Rows<Working>

        /// A row with what is beside the strip or beyond the border.
        let padded: Row<Working>

        /// A row that is summed, where the ring has no room for all of a group.
        let summed: Row<Working>

        /// The last rows of the source, if they are smoothed.
        private let recent: Rows<Working>

        /// The rows that are summed for a block.
        let around: Row<Row<Working>>

        init(for sums: SeparableConvolution, _ scratch: inout ScratchMemory) {
            let size = Sizes(sums)
            ring = scratch.takeRows(sums.ringCount, elementsPerRow: sums.ringPitch)
            band = scratch.takeRows(
                SeparableConvolution.bandCount, elementsPerRow: sums.ringRowCount)
            padded = scratch.take(size.padded)
            summed = scratch.take(size.summed)
            recent = scratch.takeRows(size.recent, elementsPerRow: size.recentRow)
            around = scratch.take(size.around)
        }

        static func byteCount(for sums: SeparableConvolution) -> Int {
            let size = Sizes(sums)
            let bandCount = SeparableConvolution.bandCount
            let working = [
                sums.ringCount * sums.ringPitch, bandCount * sums.ringRowCount, size.padded,
                size.summed, size.recent * size.recentRow,
            ]
            return working.reduce(0) { $0 + ScratchMemory.byteCount($1, of: Working.self) }
                + ScratchMemory.byteCount(size.around, of: Row<Working>.self)
        }

        /// Where a row of the source is prepared.
        @inline(__always)
        func source(_ y: Int, of strip: Strip) -> Row<Working> {
            recent.count == 0 ? padded.from(strip.beyond.left) : recent(y)
        }

        /// One of the last rows of the source.
        @inline(__always)
        func recent(_ y: Int) -> Row<Working> { recent[y % recent.count] }
    }

    /// The elements of each buffer that is not made of whole rows.
    private struct Sizes {
        let padded: Int
        let summed: Int
        let recent: Int
        let recentRow: Int
        let around: Int

        init(_ sums: SeparableConvolution) {
            let lanes = SeparableConvolution.lanes
            let channelCount = sums.layout.format.channelCount
            padded = (sums.rowCount + 2 * sums.reach * channelCount + 2 * lanes)
                .roundedUp(to: lanes)
            summed = sums.ringPitch < sums.rowCount ? sums.rowCount : 0
            recent = sums.kernel.isSmoothed ? 2 * SpacedKernel.reach + 1 : 0
            recentRow =
                (min(sums.stripWidth + 2 * sums.reach, sums.layout.width) * channelCount)
                .roundedUp(to: lanes)
            around = 2 * sums.radius + SeparableConvolution.bandCount
        }
    }
}

extension Row {
    /// Repeats the first and the last pixel over the margins on both sides of a row.
    func extendEdges(margin: Int, channelCount: Int) {
        extendEdges(left: margin, right: margin, channelCount: channelCount)
    }

    /// Repeats the first pixel over the samples on the left and the last one over those on the right.
    func extendEdges(left: Int, right: Int, channelCount: Int) {
        let end = count - right
        for channel in 0..<channelCount {
            let (first, last) = (self[left + channel], self[end - channelCount + channel])
            for index in stride(from: channel, to: left, by: channelCount) { self[index] = first }
            for index in stride(from: channel, to: right, by: channelCount) {
                self[end + index] = last
            }
        }
    }
}
