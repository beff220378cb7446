internal import Images
internal import Profiling

/// Weighted sums along columns and then along rows, for a result of another size.
///
/// The image is worked on in bands of as many result rows as a vector has lanes. Source rows are
/// prepared into a ring, of which each row of the band is a weighted sum. The band is then transposed,
/// so that along its rows the sums are the same code with a row for each column, and nothing has
/// to be shuffled for the channels. Columns are summed in strips that keep what is read again in the
/// first-level cache.
///
/// Where a result has so few rows that the ring would be most of the image, there is none: a group of
/// source rows after the other is prepared and added to the sums of a band. Those that count for
/// the next band too are prepared again.
struct Resampling<Working: WorkingSample>: Sendable {
    private let source: PixelLayout
    private let result: PixelLayout
    private let format: WorkingFormat
    private let vertical: WeightedSums<Working>
    private let horizontal: WeightedSums<Working>

    /// The result rows in a band.
    private(set) var bandCount: Int

    /// Whether prepared rows are kept for as long as they count for a result.
    private var keepsRows = true

    /// The most prepared rows that are added at a time to a pair of result rows.
    private var listCount: Int

    /// The prepared rows in memory.
    private var ringCount: Int

    /// The pixels that taps reach beyond either end of a row.
    private let margin: Int

    private static var lanes: Int { Working.Vector.scalarCount }

    /// The samples of a strip: with 40 rows of it in use about 20 KB, at 2 or 4 bytes a sample.
    private static var stripCount: Int { 16 * lanes }

    /// The source rows that are added together where there is no ring.
    private static var groupCount: Int { 8 }

    /// - Parameters:
    ///   - source: What is read.
    ///   - result: What is made, in the same format.
    ///   - columns: For each result column, the source columns; beyond the border the nearest is
    ///     meant.
    ///   - rows: The same for rows.
    ///   - isLinear: Whether samples are decoded to linear light.
    ///   - room: The bytes of scratch memory that a ring may take with all the rest.
    init(
        source: PixelLayout, result: PixelLayout, columns: [Taps], rows: [Taps], isLinear: Bool,
        room: Int
    ) {
        self.source = source
        self.result = result
        format = WorkingFormat(of: source.format, isLinear: isLinear)
        vertical = WeightedSums(rows)
        horizontal = WeightedSums(columns)
        margin = columns.reduce(0) { max($0, -$1.start, $1.end - source.width) }
        // Result rows that lie far apart in the source would need a large ring for a whole band.
        let rowsApart = max(source.height / result.height, 1)
        let bandCount = max(min(Self.lanes, 64 / rowsApart) & ~1, 2)
        self.bandCount = bandCount
        var ringCount = 1
        for top in stride(from: 0, to: rows.count, by: bandCount) {
            let band = rows[top..<min(top + bandCount, rows.count)]
            let start = band.map(\.start).min() ?? 0
            let end = band.map(\.end).max() ?? 0
            ringCount = max(ringCount, min(end, source.height) - max(start, 0))
        }
        self.ringCount = min(ringCount, source.height)
        listCount = vertical.pairs.map(\.tapCount).max() ?? 0
        if scratchByteCount > room {
            keepsRows = false
            self.bandCount = Self.lanes
            self.ringCount = Self.groupCount
            listCount = Self.groupCount
        }
    }

    /// The source rows that are read for some bands of the result, after those above.
    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        let end = sourceEnd(forRowsTo: rows.upperBound)
        guard keepsRows else {
            let band = rows.lowerBound..<min(rows.lowerBound + bandCount, result.height)
            let start = min(max(taps(ofRows: band).lowerBound, 0), source.height - 1)
            return start..<max(end, start)
        }
        let start = max(sourceEnd(forRowsTo: rows.lowerBound), firstTap(of: rows.lowerBound))
        return start..<max(end, start)
    }

    /// The end of the source rows that are read for the rows of the result up to `end`.
    private func sourceEnd(forRowsTo end: Int) -> Int {
        guard end > 0 else { return 0 }
        let band = (end - 1) / bandCount * bandCount..<end
        return min(max(taps(ofRows: band).upperBound, 0), source.height)
    }

    /// All source rows that count for some rows of the result, also those beyond the border.
    private func taps(ofRows rows: Range<Int>) -> Range<Int> {
        var (start, end) = (Int.max, Int.min)
        for index in rows.lowerBound / 2..<(rows.upperBound + 1) / 2 {
            start = min(start, vertical.pairs[index].start)
            end = max(end, vertical.pairs[index].start + vertical.pairs[index].tapCount)
        }
        return start..<max(end, start)
    }

    private func firstTap(of row: Int) -> Int {
        min(max(vertical.pairs[row / 2].start, 0), source.height - 1)
    }

    /// The bytes of scratch memory that a run takes.
    var scratchByteCount: Int {
        Buffers.byteCount(for: self)
    }

    /// Calls `body` with some rows of the result on the working scale, from the top.
    ///
    /// - Parameters:
    ///   - rows: Whole bands, which follow those of the last run with the same scratch memory.
    ///   - scratch: Where the buffers are.
    ///   - checkpoint: Asked at least every 16 rows of the source and of the result.
    ///   - prepare: Writes a row of the source on the working scale; called for each that is
    ///     needed, from the top, and again for the next band where no ring is kept.
    ///   - body: Takes a row of the result.
    /// - Throws: Why it was stopped.
    @inline(__always)
    func run(
        rows: Range<Int>, scratch: inout ScratchMemory, checkpoint: Checkpoint,
        prepare: (_ y: Int, _ row: Row<Working>) -> Void,
        body: (_ y: Int, _ result: Row<Working>) -> Void
    ) throws(Interruption) {
        let buffers = Buffers(for: self, &scratch)
        var prepared = sourceEnd(forRowsTo: rows.lowerBound)
        for top in stride(from: rows.lowerBound, to: rows.upperBound, by: bandCount) {
            try checkpoint.check()
            let bottom = min(top + bandCount, result.height)
            let pairs = vertical.pairs[top / 2..<(bottom + 1) / 2]
            if keepsRows {
                let end = sourceEnd(forRowsTo: bottom)
                let start = max(prepared, firstTap(of: top))
                if start < end {
                    for y in start..<end {
                        // Many source rows may go into few of the result.
                        try checkpoint.check(atRow: y)
                        prepare(y, buffers.ring[y % ringCount])
                    }
                }
                prepared = max(prepared, end)
                sumColumns(pairs, buffers)
            } else {
                let taps = taps(ofRows: top..<bottom)
                for first in stride(from: taps.lowerBound, to: taps.upperBound, by: ringCount) {
                    try checkpoint.check()
                    let group = first..<min(first + ringCount, taps.upperBound)
                    for tap in group { prepare(nearest(tap), buffers.ring[tap - first]) }
                    addColumns(pairs, group, buffers)
                }
            }
            sumRows(buffers)
            for y in top..<bottom {
                body(y, buffers.result[y - top][0..<result.samplesPerRow])
            }
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

    private func sumColumns(
        _ pairs: ArraySlice<WeightedSums<Working>.Pair>, _ buffers: Buffers
    ) {
        let lists = buffers.lists
        for index in 0..<pairs.count {
            let pair = pairs[pairs.startIndex + index]
            let list = lists[index]
            for tap in 0..<pair.tapCount {
                list[tap] = buffers.ring[nearest(pair.start + tap) % ringCount]
            }
        }
        let count = buffers.summedCount
        for left in stride(from: 0, to: count, by: Self.stripCount) {
            let columns = left..<min(left + Self.stripCount, count)
            for index in 0..<pairs.count {
                let pair = pairs[pairs.startIndex + index]
                vertical.write(
                    pair, columns: columns, of: ListedRows(rows: lists[index]),
                    to: buffers.band[2 * index], buffers.band[2 * index + 1])
            }
        }
    }

    /// The row of the source that a tap stands for.
    private func nearest(_ tap: Int) -> Int { min(max(tap, 0), source.height - 1) }

    /// Adds a group of source rows, which are in the ring from its beginning.
    private func addColumns(
        _ pairs: ArraySlice<WeightedSums<Working>.Pair>, _ group: Range<Int>, _ buffers: Buffers
    ) {
        let list = buffers.lists[0]
        for index in 0..<group.count { list[index] = buffers.ring[index] }
        let count = buffers.summedCount
        for left in stride(from: 0, to: count, by: Self.stripCount) {
            let columns = left..<min(left + Self.stripCount, count)
            for index in 0..<pairs.count {
                let pair = pairs[pairs.startIndex + index]
                let taps = (pair.start..<pair.start + pair.tapCount).clamped(to: group)
                guard !taps.isEmpty else { continue }
                vertical.add(
                    pair, taps: taps.lowerBound - pair.start..<taps.upperBound - pair.start,
                    columns: columns, of: list.from(taps.lowerBound - group.lowerBound),
                    to: buffers.band[2 * index], buffers.band[2 * index + 1])
            }
        }
    }

    private func sumRows(_ buffers: Buffers) {
        let lanes = Self.lanes
        let pixel = source.format.channelCount * lanes
        let inner = buffers.columns.from(margin * pixel)
        Transposition.write(
            buffers.band, count: (source.samplesPerRow + 7) & ~7, to: inner)
        // What the transposition wrote behind the last pixel is overwritten here.
        for x in 0..<margin {
            buffers.columns[x * pixel..<(x + 1) * pixel].copy(inner[0..<pixel])
            let last = (source.width - 1) * pixel
            let behind = (source.width + x) * pixel
            inner[behind..<behind + pixel].copy(inner[last..<last + pixel])
        }
        for index in 0..<horizontal.pairs.count {
            let pair = horizontal.pairs[index]
            let first = 2 * index
            let second = min(first + 1, result.width - 1)
            horizontal.write(
                pair, columns: 0..<pixel,
                of: ConsecutiveRows(
                    samples: buffers.columns.from((pair.start + margin) * pixel),
                    samplesPerRow: pixel),
                to: buffers.sums.from(first * pixel), buffers.sums.from(second * pixel))
        }
        Transposition.read(
            buffers.sums, count: (result.samplesPerRow + 7) & ~7, to: buffers.result)
    }
}

extension Resampling {
    /// The scratch memory of a run; rows are padded to whole strips of vectors.
    ///
    /// A band goes back and forth between two pieces of memory: its columns are made of it, the sums
    /// of these where it was, the rows of the result where its columns were.
    private struct Buffers {
        let ring: Rows<Working>
        let lists: Rows<Row<Working>>
        let band: Rows<Working>
        let columns: Row<Working>
        let sums: Row<Working>
        let result: Rows<Working>

        /// The columns that are summed, without what only keeps rows apart.
        let summedCount: Int

        init(for sums: Resampling, _ scratch: inout ScratchMemory) {
            let size = Sizes(sums)
            summedCount = size.summedRow
            ring = scratch.takeRows(sums.ringCount, elementsPerRow: size.sourceRow)
            lists = scratch.takeRows(Resampling.lanes / 2, elementsPerRow: size.list)
            let lanes = Resampling.lanes
            self.sums = scratch.take(size.bandOrSums)
            band = Rows(self.sums, count: lanes, elementsPerRow: size.sourceRow)
            columns = scratch.take(size.columnsOrResult)
            result = Rows(columns, count: lanes, elementsPerRow: size.resultRow)
        }

        static func byteCount(for sums: Resampling) -> Int {
            let size = Sizes(sums)
            let working = [
                sums.ringCount * size.sourceRow, size.bandOrSums, size.columnsOrResult,
            ]
            return working.reduce(0) { $0 + ScratchMemory.byteCount($1, of: Working.self) }
                + ScratchMemory.byteCount(Resampling.lanes / 2 * size.list, of: Row<Working>.self)
        }
    }

    /// The elements of each buffer or of its rows.
    private struct Sizes {
        let summedRow: Int
        let sourceRow: Int
        let list: Int
        let bandOrSums: Int
        let columnsOrResult: Int
        let resultRow: Int

        init(_ sums: Resampling) {
            let lanes = Resampling.lanes
            let chunk = 4 * lanes
            let channelCount = sums.source.format.channelCount
            summedRow = sums.source.samplesPerRow.roundedUp(to: chunk)
            // An odd number of cache lines, so that the same columns of all rows fall into different
            // sets of the first-level cache.
            sourceRow = summedRow + 2 * lanes
            resultRow = sums.result.samplesPerRow.roundedUp(to: chunk)
            list = sums.listCount
            bandOrSums = max(lanes * sourceRow, (sums.result.samplesPerRow + 8) * lanes)
            columnsOrResult = max(
                (sums.source.samplesPerRow + 2 * sums.margin * channelCount + 8) * lanes,
                lanes * resultRow)
        }
    }
}
