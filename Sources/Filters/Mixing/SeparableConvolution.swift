internal import Images
internal import Profiling

/// A convolution with the same odd, symmetric kernel along rows and columns.
///
/// Each source row is prepared and convolved along itself. The rows that come out are kept in a
/// ring, and their columns are summed in bands and in strips, so that what is read again is still
/// in the first-level cache.
struct SeparableConvolution<Working: WorkingSample>: Sendable {
    private let layout: PixelLayout
    private let format: WorkingFormat
    private let kernel: SpacedKernel
    private let sums: SymmetricSums<Working>

    private static var lanes: Int { Working.Vector.scalarCount }
    private static var bandCount: Int { 16 }

    /// - Parameters:
    ///   - layout: What is read and written.
    ///   - kernel: None of its weights is below zero.
    ///   - isLinear: Whether samples are decoded to linear light.
    init(of layout: PixelLayout, with kernel: SpacedKernel, isLinear: Bool) {
        self.layout = layout
        self.kernel = kernel
        format = WorkingFormat(of: layout.format, isLinear: isLinear)
        sums = SymmetricSums(kernel)
    }

    /// How far from the middle rows are summed.
    private var radius: Int { kernel.radius }

    /// How far from the middle of a row that is summed others are smoothed into it.
    private var smoothingRadius: Int { kernel.isSmoothed ? SpacedKernel.reach : 0 }

    /// The rows that are summed: beyond the border there are some that smoothing makes differ from
    /// those at the border.
    private var summedCount: Int { layout.height + 2 * smoothingRadius }

    private var ringCount: Int { min(2 * radius + Self.bandCount, summedCount) }

    /// The samples of a row, filled up to whole groups of vectors.
    private var rowCount: Int {
        let group = SymmetricSums<Working>.group
        return (layout.samplesPerRow + group - 1) / group * group
    }

    /// From a row in the ring to the next: an odd number of cache lines, so that the same columns of all
    /// rows fall into different sets of the first-level cache.
    private var ringPitch: Int {
        let line = 2 * Self.lanes
        return (rowCount / line | 1) * line
    }

    /// The samples before a row that are summed.
    private var margin: Int { radius * layout.format.channelCount }

    /// The samples before a row that are summed or smoothed.
    private var wideMargin: Int { margin + smoothingRadius * layout.format.channelCount }

    /// The rows of a block of results.
    var blockHeight: Int { Self.bandCount }

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

    /// Calls `body` with some rows of the result on the working scale, from the top.
    ///
    /// - Parameters:
    ///   - rows: Whole blocks, which follow those of the last run with the same scratch memory.
    ///   - scratch: Where the buffers are.
    ///   - checkpoint: Asked at least every 16 rows.
    ///   - prepare: Writes a row of the source on the working scale; called once for each, from the
    ///     top, and before `body` for the same row.
    ///   - body: Takes a row of the result.
    /// - Throws: Why it was stopped.
    @inline(__always)
    func run(
        rows: Range<Int>, scratch: inout ScratchMemory, checkpoint: Checkpoint,
        prepare: (_ y: Int, _ row: Row<Working>) -> Void,
        body: (_ y: Int, _ result: Row<Working>) -> Void
    ) throws(Interruption) {
        let buffers = Buffers(for: self, &scratch)
        let (ring, around) = (buffers.ring, buffers.around)
        var summed = summedEnd(forRowsTo: rows.lowerBound)
        for top in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.bandCount) {
            let bottom = min(top + Self.bandCount, layout.height)
            let end = summedEnd(forRowsTo: bottom)
            for index in summed..<max(end, summed) {
                try checkpoint.check(atRow: index)
                if index < layout.height { prepare(index, buffers.source(index)) }
                sumAlong(index, buffers)
            }
            summed = max(summed, end)
            try checkpoint.check()
            for index in 0..<around.count {
                let y = top - radius + index + smoothingRadius
                around[index] = ring[min(max(y, 0), end - 1) % ringCount]
            }
            sumColumns(around, to: buffers.band, count: bottom - top)
            for y in top..<bottom { body(y, buffers.band[y - top][0..<layout.samplesPerRow]) }
        }
    }

    /// Writes some rows of the result as samples.
    func run<Sample: PixelSample>(
        rows: Range<Int>, _ source: Rows<Sample>, into result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        try run(rows: rows, scratch: &scratch, checkpoint: checkpoint) {
            format.prepare(source[$0], into: $1)
            source.prefetch(after: $0)
        } body: {
            format.finish($1, into: result[$0])
        }
    }

    /// Sums along a row of those that are summed, for which the source is prepared.
    private func sumAlong(_ index: Int, _ buffers: Buffers) {
        let channelCount = layout.format.channelCount
        let row = buffers.padded[0..<layout.samplesPerRow + 2 * wideMargin]
        if kernel.isSmoothed { smoothAcross(index, buffers) }
        row.extendEdges(margin: wideMargin, channelCount: channelCount)
        if kernel.isSmoothed { smoothAlong(buffers) }
        sums.writeAlong(
            kernel.isSmoothed ? buffers.smoothed : buffers.padded, channelCount: channelCount,
            to: buffers.ring[index % ringCount][0..<rowCount])
    }

    private func smoothAcross(_ index: Int, _ buffers: Buffers) {
        func source(_ offset: Int) -> Row<Working> {
            buffers.recent(min(max(index - 2 * SpacedKernel.reach + offset, 0), layout.height - 1))
        }
        let (row0, row1, row2, row3, row4) = (source(0), source(1), source(2), source(3), source(4))
        let result = buffers.padded.from(wideMargin)
        for column in stride(from: 0, to: rowCount, by: Self.lanes) {
            result.store(
                Working.smoothed(
                    row2.vector(at: column),
                    near: (row1.vector(at: column), row3.vector(at: column)),
                    far: (row0.vector(at: column), row4.vector(at: column))), at: column)
        }
    }

    private func smoothAlong(_ buffers: Buffers) {
        let samples = buffers.padded
        let distance = layout.format.channelCount
        for column in stride(from: 0, to: buffers.smoothed.count, by: Self.lanes) {
            @inline(__always)
            func vector(_ offset: Int) -> Working.Vector {
                samples.vector(at: column &+ offset &* distance)
            }
            buffers.smoothed.store(
                Working.smoothed(
                    vector(2), near: (vector(1), vector(3)), far: (vector(0), vector(4))),
                at: column)
        }
    }

    /// Sums the columns for a band, two rows of the result at a time.
    private func sumColumns(_ around: Row<Row<Working>>, to band: Rows<Working>, count: Int) {
        let stripCount = 16 * Self.lanes
        let spacing = kernel.spacing
        for left in stride(from: 0, to: rowCount, by: stripCount) {
            let columns = left..<min(left + stripCount, rowCount)
            for block in stride(from: 0, to: count, by: 2 * spacing) {
                for y in block..<block + spacing {
                    sums.writeAcross(
                        around[y..<y + 2 * radius + spacing + 1], columns: columns, to: band[y],
                        band[y + spacing])
                }
            }
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

        /// A row with what is beyond the border.
        let padded: Row<Working>

        /// The same smoothed, if it is.
        let smoothed: Row<Working>

        /// The last rows of the source, if they are smoothed.
        private let recent: Rows<Working>

        /// The rows that are summed for a block.
        let around: Row<Row<Working>>

        private let inner: Row<Working>

        init(for sums: SeparableConvolution, _ scratch: inout ScratchMemory) {
            let size = Sizes(sums)
            ring = scratch.takeRows(sums.ringCount, elementsPerRow: sums.ringPitch)
            band = scratch.takeRows(SeparableConvolution.bandCount, elementsPerRow: sums.rowCount)
            padded = scratch.take(size.padded)
            smoothed = scratch.take(size.smoothed)
            recent = scratch.takeRows(size.recent, elementsPerRow: sums.rowCount)
            around = scratch.take(size.around)
            inner = padded[sums.wideMargin..<sums.wideMargin + sums.layout.samplesPerRow]
        }

        static func byteCount(for sums: SeparableConvolution) -> Int {
            let size = Sizes(sums)
            let bandCount = SeparableConvolution.bandCount
            let working = [
                sums.ringCount * sums.ringPitch, bandCount * sums.rowCount, size.padded,
                size.smoothed, size.recent * sums.rowCount,
            ]
            return working.reduce(0) { $0 + ScratchMemory.byteCount($1, of: Working.self) }
                + ScratchMemory.byteCount(size.around, of: Row<Working>.self)
        }

        /// Where a row of the source is prepared.
        @inline(__always)
        func source(_ y: Int) -> Row<Working> {
            recent.count == 0 ? inner : recent(y)[0..<inner.count]
        }

        /// One of the last rows of the source, filled up.
        @inline(__always)
        func recent(_ y: Int) -> Row<Working> { recent[y % recent.count] }
    }

    /// The elements of each buffer that is not made of whole rows.
    private struct Sizes {
        let padded: Int
        let smoothed: Int
        let recent: Int
        let around: Int

        init(_ sums: SeparableConvolution) {
            let isSmoothed = sums.kernel.isSmoothed
            let lanes = SeparableConvolution.lanes
            smoothed =
                isSmoothed ? (sums.rowCount + 2 * sums.margin + lanes - 1) / lanes * lanes : 0
            padded = sums.rowCount + 2 * sums.wideMargin + lanes
            recent = isSmoothed ? 2 * SpacedKernel.reach + 1 : 0
            around = 2 * sums.radius + SeparableConvolution.bandCount
        }
    }
}

extension Row {
    /// Repeats the first and the last pixel over the margins on both sides of a row.
    func extendEdges(margin: Int, channelCount: Int) {
        let end = count - margin
        for channel in 0..<min(channelCount, margin) {
            let (first, last) = (self[margin + channel], self[end - channelCount + channel])
            for index in stride(from: channel, to: margin, by: channelCount) {
                self[index] = first
                self[end + index] = last
            }
        }
    }
}
