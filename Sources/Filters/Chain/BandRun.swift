internal import Images
internal import Profiling

/// Row operations that follow each other, done band by band: a band goes through all of them while
/// it is in the second-level cache, and only the first of them reads the source and only the last
/// writes an image.
///
/// What stops a run of bands is an operation that needs all of its source at once: a histogram, a
/// quarter turn, a blur on a smaller image. Rejected were bands with halos that are computed twice:
/// they take more time, and sums that move along (`box-blur`, `nl-means`) would begin elsewhere and
/// round differently. Here every operation sees the same rows in the same blocks as without bands,
/// so that the bytes are the same.
struct BandRun: Sendable {
    let operations: [any RowOperation]
    private let schedule: BandSchedule

    /// Where in the scratch memory each operation's own lies, and the rows of each store.
    private let pieces: [(offset: Int, byteCount: Int)]
    private let storeOffsets: [Int]
    private let timesOffset: Int

    /// The bytes of scratch memory that a run takes.
    let scratchByteCount: Int

    /// The fewest rows of a band; most operations make up to 16 together.
    private static let leastBandHeight = 16

    /// - Parameters:
    ///   - operations: At least one, each of which reads what the one before makes.
    ///   - bandByteCount: The bytes of the widest rows of a band, of which there are 16 at least.
    ///   - mayReplaceSource: Whether the result may take the place of the source.
    init(_ operations: [any RowOperation], bandByteCount: Int, mayReplaceSource: Bool) {
        self.operations = operations
        let result = operations[operations.count - 1].result
        let widest = operations.map { max($0.source.bytesPerRow, $0.result.bytesPerRow) }.max() ?? 1
        // One operation gains nothing by stopping after each band.
        schedule = BandSchedule(
            operations,
            bandHeight: operations.count == 1
                ? result.height : max(bandByteCount / widest, Self.leastBandHeight),
            mayReplaceSource: mayReplaceSource)
        var end = 0
        func reserve(_ byteCount: Int) -> Int {
            defer { end += ScratchMemory.byteCount(byteCount, of: UInt8.self) }
            return end
        }
        pieces = operations.map { (reserve($0.scratchByteCount), $0.scratchByteCount) }
        var storeOffsets: [Int] = []
        for (store, rowCount) in schedule.rowCounts.enumerated() {
            let isWindow = store > 0 && store < schedule.rowCounts.count - 1
            let writer = schedule.stores.firstIndex(of: store)
            let layout = writer.map { operations[$0].result } ?? result
            storeOffsets.append(isWindow ? reserve(rowCount * layout.bytesPerRow) : end)
        }
        self.storeOffsets = storeOffsets
        timesOffset = reserve(operations.count * MemoryLayout<Int64>.stride)
        scratchByteCount = end
    }

    /// What the first operation reads.
    var source: PixelLayout { operations[0].source }

    /// What the last operation makes.
    var result: PixelLayout { operations[operations.count - 1].result }

    /// Whether source and result are the same memory.
    var worksInPlace: Bool { schedule.replacesSource }

    /// Makes the result.
    ///
    /// - Parameters:
    ///   - source: All of the source.
    ///   - result: Where the result goes, which is the same memory if the run works in place.
    ///   - scratch: At least ``scratchByteCount`` bytes.
    ///   - checkpoint: Asked at least every 16 rows of each operation.
    ///   - took: Called at the end with the index of each operation and the nanoseconds that it
    ///     took in all bands.
    /// - Throws: Why it was stopped.
    func run(
        from source: ImageMemory, to result: ImageMemory, scratch: ScratchMemory,
        checkpoint: Checkpoint, took: (_ index: Int, _ nanoseconds: Int64) -> Void
    ) throws(Interruption) {
        var timesPiece = scratch.piece(
            at: timesOffset, byteCount: scratchByteCount - timesOffset)
        let times: Row<Int64> = timesPiece.take(operations.count)
        times.fill(with: 0)
        var mark = MonotonicInstant.now
        for band in 0..<schedule.bandCount {
            for index in operations.indices {
                let operation = operations[index]
                let rows = schedule.rows(ofOperation: index, inBand: band)
                let store = schedule.stores[index]
                let to = memory(store, operation.result, band, source, result, scratch)
                if band > 0 && isWindow(store) && !operation.worksInPlace {
                    let held = schedule.rowsHeld(inStore: store, duringBand: band - 1)
                    to.moveRows(to.held.lowerBound..<rows.lowerBound, from: held.lowerBound)
                }
                guard !rows.isEmpty else { continue }
                let from = memory(
                    index == 0 ? 0 : schedule.stores[index - 1], operation.source, band, source,
                    result, scratch)
                var piece = scratch.piece(
                    at: pieces[index].offset, byteCount: pieces[index].byteCount)
                try operation.run(
                    rows: rows, from: from, to: to, scratch: &piece, checkpoint: checkpoint)
                let now = MonotonicInstant.now
                times[index] += now.nanoseconds(since: mark)
                mark = now
            }
        }
        for index in operations.indices { took(index, times[index]) }
    }

    /// Whether a store is rows in scratch memory.
    private func isWindow(_ store: Int) -> Bool {
        store > 0 && store < schedule.rowCounts.count - 1
    }

    private func memory(
        _ store: Int, _ layout: PixelLayout, _ band: Int, _ source: ImageMemory,
        _ result: ImageMemory, _ scratch: ScratchMemory
    ) -> ImageMemory {
        if store == 0 { return source }
        guard isWindow(store) else { return result }
        return scratch.rows(
            schedule.rowsHeld(inStore: store, duringBand: band), of: layout,
            at: storeOffsets[store])
    }
}
