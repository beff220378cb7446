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
    private let radius: Int
    private let sums: SymmetricSums<Working>

    private static var lanes: Int { Working.Vector.scalarCount }
    private static var bandCount: Int { 16 }

    /// - Parameters:
    ///   - layout: What is read and written.
    ///   - weights: An odd number, the same from both ends, and none below zero.
    ///   - isLinear: Whether samples are decoded to linear light.
    init(of layout: PixelLayout, with weights: [Double], isLinear: Bool) {
        self.layout = layout
        radius = weights.count / 2
        format = WorkingFormat(of: layout.format, isLinear: isLinear)
        sums = SymmetricSums(weights)
    }

    private var ringCount: Int { min(2 * radius + Self.bandCount, layout.height) }

    /// The samples of a row, filled up to whole groups of vectors.
    private var rowCount: Int {
        let group = SymmetricSums<Working>.group
        return (layout.samplesPerRow + group - 1) / group * group
    }

    private var margin: Int { radius * layout.format.channelCount }

    /// The rows of a block of results.
    var blockHeight: Int { Self.bandCount }

    /// The end of the source rows that are read for the rows of the result up to `end`.
    func sourceEnd(forRowsTo end: Int) -> Int {
        end == 0 ? 0 : min(end + radius, layout.height)
    }

    /// The bytes of scratch memory that a run takes.
    var scratchByteCount: Int {
        ScratchMemory.byteCount((ringCount + Self.bandCount) * rowCount, of: Working.self)
            + ScratchMemory.byteCount(rowCount + 2 * margin, of: Working.self)
            + ScratchMemory.byteCount(2 * radius + Self.bandCount, of: Row<Working>.self)
            + ScratchMemory.alignment
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
        let ring: Rows<Working> = scratch.takeRows(ringCount, elementsPerRow: rowCount)
        let band: Rows<Working> = scratch.takeRows(Self.bandCount, elementsPerRow: rowCount)
        let padded: Row<Working> = scratch.take(rowCount + 2 * margin)
        let around: Row<Row<Working>> = scratch.take(2 * radius + Self.bandCount)
        var prepared = sourceEnd(forRowsTo: rows.lowerBound)
        for top in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.bandCount) {
            let bottom = min(top + Self.bandCount, layout.height)
            let end = min(bottom + radius, layout.height)
            for y in min(prepared, end)..<end {
                try checkpoint.check(atRow: y)
                prepare(y, padded[margin..<margin + layout.samplesPerRow])
                padded[0..<layout.samplesPerRow + 2 * margin]
                    .extendEdges(margin: margin, channelCount: layout.format.channelCount)
                sums.writeAlong(
                    padded, distance: layout.format.channelCount, to: ring[y % ringCount])
            }
            prepared = max(prepared, end)
            try checkpoint.check()
            for index in 0..<around.count {
                around[index] = ring[min(max(top - radius + index, 0), end - 1) % ringCount]
            }
            sumColumns(around, to: band, count: bottom - top)
            for y in top..<bottom { body(y, band[y - top][0..<layout.samplesPerRow]) }
        }
    }

    /// Writes some rows of the result as samples.
    func run<Sample: PixelSample>(
        rows: Range<Int>, _ source: Rows<Sample>, into result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        try run(rows: rows, scratch: &scratch, checkpoint: checkpoint) {
            format.prepare(source[$0], into: $1)
        } body: {
            format.finish($1, into: result[$0])
        }
    }

    /// Sums the columns for a band, two rows of the result at a time.
    private func sumColumns(_ around: Row<Row<Working>>, to band: Rows<Working>, count: Int) {
        let stripCount = 32 * Self.lanes
        for left in stride(from: 0, to: rowCount, by: stripCount) {
            let columns = left..<min(left + stripCount, rowCount)
            for y in stride(from: 0, to: count, by: 2) {
                sums.writeAcross(
                    around[y..<y + 2 * radius + 2], columns: columns, to: band[y], band[y + 1])
            }
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
