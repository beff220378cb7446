internal import Images
internal import Profiling

/// Equalises luma locally, with limited contrast.
struct Clahe: Filter {
    static let definition = FilterDefinition(
        "clahe",
        "contrast-limited adaptive histogram equalisation of luma (K. Zuiderveld, 1994)",
        keys: [
            FilterParameter(
                "clip", "how many times the mean a bin of a histogram may hold", .number(1...1000),
                default: "2"),
            FilterParameter("tiles", "in a row and in a column", .integer(1...64), default: "8"),
        ], example: "clahe:clip=3"
    ) { arguments throws(FilterError) in
        Clahe(clip: arguments.number("clip"), tiles: arguments.integer("tiles"))
    }

    let name = "clahe"
    let clip: Double
    let tiles: Int

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        ClaheOperation(source: source, clip: clip, tileCount: tiles)
    }
}

/// Equalises by a table for each tile, from its own histogram.
///
/// A pixel's new luma lies between those of the four tiles around it.
private struct ClaheOperation: SampleOperation {
    let source: PixelLayout
    private let clip: Double
    private let columns: TileAxis
    private let rows: TileAxis

    /// Tiles are whole: where one side can't be divided both go on beyond the end, as in OpenCV.
    init(source: PixelLayout, clip: Double, tileCount: Int) {
        self.source = source
        self.clip = clip
        let isWhole = source.width % tileCount == 0 && source.height % tileCount == 0
        columns = TileAxis(source.width, count: tileCount, isWhole: isWhole)
        rows = TileAxis(source.height, count: tileCount, isWhole: isWhole)
    }

    var result: PixelLayout { source }

    var scratchByteCount: Int {
        rowByteCount
            + TileTables.scratchByteCount(
                columnCount: columns.tileCount, rowCount: rows.tileCount, ranges: ranges)
    }

    /// The tables have room beside what is kept of a row.
    private var ranges: LevelRanges {
        TileTables.ranges(
            bitsPerSample: source.format.bitsPerSample, columnCount: columns.tileCount,
            rowCount: rows.tileCount, byteCount: ScratchMemory.room(for: source) - rowByteCount)
    }

    private var rowByteCount: Int {
        LumaReader<UInt16>.scratchByteCount(for: source)
            + ScratchMemory.byteCount(source.width, samplesOf: source.format)
            + 4 * ScratchMemory.byteCount(source.width, of: Int32.self)
            + ScratchMemory.byteCount(source.samplesPerRow, samplesOf: source.format)
    }

    private struct Work<Sample: PixelSample> {
        let tables: TileTables
        let reader: LumaReader<Sample>
        let luma: Row<Sample>
        let changes: Row<Sample.Change>

        /// For each column what the tables left and right of it have for its luma, in pairs, and how
        /// much the right one counts.
        let left: Row<UInt16>
        let right: Row<UInt16>
        let share: Row<Float>

        /// A row of results of which those in a range are taken.
        let moved: Row<Sample>
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let width = self.source.width
        let work = Work<Sample>(
            tables: TileTables(
                columnCount: columns.tileCount, rowCount: rows.tileCount, ranges: ranges,
                pixelCount: columns.tileLength * rows.tileLength, clip: clip, scratch: &scratch),
            reader: LumaReader(of: self.source, scratch: &scratch),
            luma: scratch.take(width), changes: scratch.take(width), left: scratch.take(2 * width),
            right: scratch.take(2 * width), share: scratch.take(width),
            moved: scratch.take(source.elementsPerRow))
        for cell in 0..<columns.cellCount {
            for x in columns.pixels(ofCell: cell) {
                work.share[x] = columns.share(at: x, inCell: cell)
            }
        }
        for range in 0..<work.tables.ranges.count {
            try equalize(range, of: source, into: result, work, checkpoint)
        }
    }

    /// Makes the pixels whose luma is in a range.
    private func equalize<Sample: PixelSample>(
        _ range: Int, of source: Rows<Sample>, into result: Rows<Sample>, _ work: Work<Sample>,
        _ checkpoint: Checkpoint
    ) throws(Interruption) {
        // All tables of 8 bits fit the first-level cache, so that whole rows are done. Of 16 bits
        // those of two tiles fit the second-level one.
        let stripLength = Sample.bitWidth == 8 ? columns.cellCount : 1
        for rowCell in 0..<rows.cellCount {
            if rowCell < rows.count {
                try makeTables(of: source, tileRow: rowCell, range, work, checkpoint)
            }
            for first in stride(from: 0, to: columns.cellCount, by: stripLength) {
                for y in rows.pixels(ofCell: rowCell) {
                    try checkpoint.check(atRow: y)
                    let down = rows.share(at: y, inCell: rowCell)
                    source.prefetch(
                        after: y, samples(columns.pixels(ofCells: first..<first + stripLength)))
                    equalize(
                        source[y], into: result[y], columnCells: first..<first + stripLength,
                        evenShare: rowCell & 1 == 0 ? down : 1 - down, range, work)
                }
            }
        }
    }

    private func makeTables<Sample: PixelSample>(
        of source: Rows<Sample>, tileRow: Int, _ range: Int, _ work: Work<Sample>,
        _ checkpoint: Checkpoint
    ) throws(Interruption) {
        for column in 0..<columns.tileCount {
            let seen = columns.pixels(seenInTile: column)
            let tile = column * columns.tileLength..<(column + 1) * columns.tileLength
            let inside = tile.clamped(to: seen)
            try work.tables.makeTable(row: tileRow, column: column, range: range) {
                range throws(Interruption) in
                for y in tileRow * rows.tileLength..<(tileRow + 1) * rows.tileLength {
                    try checkpoint.check(atRow: y)
                    let luma = work.luma[0..<seen.count]
                    source.prefetch(after: y, samples(seen))
                    work.reader.read(pixels(seen, of: source[rows.mirrored(y)]), into: luma)
                    work.tables.count(
                        luma[
                            inside.lowerBound - seen.lowerBound..<inside.upperBound
                                - seen.lowerBound], in: range)
                    for x in max(inside.upperBound, tile.lowerBound)..<tile.upperBound {
                        let place = columns.mirrored(x) - seen.lowerBound
                        work.tables.count(luma[place..<place + 1], in: range)
                    }
                }
            }
        }
    }

    /// Makes the pixels of some cells of a row.
    private func equalize<Sample: PixelSample>(
        _ source: Row<Sample>, into result: Row<Sample>, columnCells: Range<Int>,
        evenShare: Float, _ range: Int, _ work: Work<Sample>
    ) {
        let columns = self.columns.pixels(ofCells: columnCells)
        guard !columns.isEmpty else { return }
        let luma = work.luma[columns]
        work.reader.read(pixels(columns, of: source), into: luma)
        let ranges = work.tables.ranges
        let start = Sample(truncatingIfNeeded: ranges.start(of: range))
        if ranges.isWhole {
            lookUp(columnCells, work) { Int(truncatingIfNeeded: $0) }
        } else {
            lookUp(columnCells, work) {
                min(Int(truncatingIfNeeded: $0 &- start), ranges.length)
            }
        }
        let oddShare = 1 - evenShare
        @inline(__always)
        func between(_ pairs: Row<UInt16>, _ x: Int) -> Float {
            Float(Int32(truncatingIfNeeded: pairs[2 &* x])) * evenShare
                + Float(Int32(truncatingIfNeeded: pairs[2 &* x &+ 1])) * oddShare
        }
        for x in columns {
            let (left, right) = (between(work.left, x), between(work.right, x))
            let new = left + (right - left) * work.share[x]
            work.changes[x] = Sample.Change(
                truncatingIfNeeded: Int32(nearestTo: new)
                    &- Int32(truncatingIfNeeded: work.luma[x]))
        }
        let target = pixels(columns, of: result)
        let moved = ranges.isWhole ? target : work.moved[0..<target.count]
        work.reader.move(
            pixels(columns, of: source), by: work.changes[columns], into: moved)
        guard !ranges.isWhole else { return }
        let channelCount = self.source.format.channelCount
        for x in 0..<luma.count where Int(luma[x] &- start) < ranges.length {
            for sample in x &* channelCount..<(x &+ 1) &* channelCount {
                target[sample] = moved[sample]
            }
        }
    }

    /// Finds what the tables around some cells of a row have for its lumas.
    @inline(__always)
    private func lookUp<Sample: PixelSample>(
        _ cells: Range<Int>, _ work: Work<Sample>, place: (_ luma: Sample) -> Int
    ) {
        for cell in cells {
            let left = work.tables.pairs(ofColumn: max(cell - 1, 0))
            let right = work.tables.pairs(ofColumn: min(cell, columns.tileCount - 1))
            for x in columns.pixels(ofCell: cell) {
                let place = 2 &* place(work.luma[x])
                work.left.store(left.vector(at: place, as: SIMD2.self), at: 2 &* x)
                work.right.store(right.vector(at: place, as: SIMD2.self), at: 2 &* x)
            }
        }
    }

    private func pixels<Sample: PixelSample>(
        _ columns: Range<Int>, of row: Row<Sample>
    ) -> Row<Sample> {
        row[samples(columns)]
    }

    private func samples(_ columns: Range<Int>) -> Range<Int> {
        let channelCount = source.format.channelCount
        return columns.lowerBound * channelCount..<columns.upperBound * channelCount
    }
}
