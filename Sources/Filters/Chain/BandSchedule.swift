internal import Images

/// Which rows each of some row operations makes in which band, and where rows wait for the next
/// operation.
///
/// An image passes through *stores*: the first holds the source, the last the result, and those
/// between are windows of rows in scratch memory, which move down with the bands. An operation that
/// works in place stays in its store. The last store may take the place of the source from the top,
/// where the source has been read.
///
/// It is worked out once, when a chain is planned, by walking through the bands.
struct BandSchedule: Sendable {
    /// The bands of the image.
    let bandCount: Int

    /// For each operation the store that it writes; it reads the same one or the one before.
    let stores: [Int]

    /// Whether the result takes the place of the source.
    let replacesSource: Bool

    /// For each store, how many rows of it are in memory at a time.
    let rowCounts: [Int]

    /// For each band and operation, the end of the rows that are made then.
    private let ends: [Int]

    /// For each band and store, the first row that is in memory then.
    private let starts: [Int]

    private var storeCount: Int { rowCounts.count }

    /// Cuts the image into bands of some rows of the last result.
    ///
    /// - Parameters:
    ///   - operations: At least one, each of which reads what the one before makes.
    ///   - bandHeight: At least this many rows of the last result are a band.
    ///   - mayReplaceSource: Whether the result may take the place of the source.
    init(_ operations: [any RowOperation], bandHeight: Int, mayReplaceSource: Bool) {
        var walk = Walk(operations)
        let last = operations[operations.count - 1]
        let blockHeight = last.blockHeight
        let bandHeight = (max(bandHeight, 1) + blockHeight - 1) / blockHeight * blockHeight
        var ends: [Int] = []
        var starts: [Int] = []
        var bandCount = 0
        var leavesSource = true
        while walk.done[operations.count - 1] < last.result.height {
            walk.advance(to: min((bandCount + 1) * bandHeight, last.result.height))
            ends += walk.done
            starts += walk.starts
            leavesSource = leavesSource && walk.leavesSource
            bandCount += 1
        }
        self.bandCount = bandCount
        self.ends = ends
        self.starts = starts
        stores = walk.stores
        rowCounts = walk.rowCounts
        replacesSource =
            walk.stores.last == 0
            || mayReplaceSource && leavesSource && walk.mayReplaceSource
    }

    /// The rows that an operation makes in a band.
    func rows(ofOperation index: Int, inBand band: Int) -> Range<Int> {
        let start = band == 0 ? 0 : ends[(band - 1) * stores.count + index]
        return start..<ends[band * stores.count + index]
    }

    /// The rows of a store between the source and the result that are in memory during a band.
    func rowsHeld(inStore store: Int, duringBand band: Int) -> Range<Int> {
        let start = starts[band * storeCount + store]
        return start..<start + rowCounts[store]
    }
}

/// The state of all operations after some bands.
private struct Walk {
    let operations: [any RowOperation]
    let stores: [Int]

    /// For each operation the end of the rows that it has made.
    var done: [Int]

    /// For each store its first row that is in memory during the band, and the most rows at a time.
    var starts: [Int]
    var rowCounts: [Int]

    /// Whether what was written of the result in this band would not have overwritten a row of the
    /// source that is still to be read.
    var leavesSource = true

    init(_ operations: [any RowOperation]) {
        self.operations = operations
        var stores: [Int] = []
        for operation in operations {
            stores.append((stores.last ?? 0) + (operation.worksInPlace ? 0 : 1))
        }
        self.stores = stores
        done = operations.map { _ in 0 }
        starts = Array(repeating: 0, count: (stores.last ?? 0) + 1)
        rowCounts = starts
    }

    /// Whether the operations and their layouts allow that the result replaces the source.
    var mayReplaceSource: Bool {
        guard let store = stores.last, store > 0 else { return true }
        let (source, result) = (operations[0].source, operations[operations.count - 1].result)
        return source.format.bitsPerSample == result.format.bitsPerSample
            && result.bytesPerRow <= source.bytesPerRow
            && (store > 1 || reader(of: 0).map { operations[$0].mayReplaceSource } ?? true)
    }

    /// Goes on until the last operation has made its rows up to `end`.
    mutating func advance(to end: Int) {
        let before = done
        var needed = end
        for index in operations.indices.reversed() {
            let operation = operations[index]
            let blockHeight = operation.blockHeight
            let whole = (needed + blockHeight - 1) / blockHeight * blockHeight
            done[index] = max(before[index], min(whole, operation.result.height))
            needed =
                done[index] > before[index]
                ? operation.sourceRows(for: before[index]..<done[index]).upperBound
                : before[max(index - 1, 0)]
        }
        for store in starts.indices {
            let needed = firstRowNeeded(of: store, after: before)
            let written = stores.lastIndex(of: store).map { done[$0] } ?? 0
            starts[store] = needed
            rowCounts[store] = max(rowCounts[store], written - needed)
            if let writer = stores.firstIndex(of: store) {
                rowCounts[store] = max(rowCounts[store], done[writer] - needed)
            }
        }
        leavesSource = resultLeavesSource(after: before)
    }

    /// The operation that reads a store and writes the next one.
    private func reader(of store: Int) -> Int? { stores.firstIndex(of: store + 1) }

    /// The first row of a store that an operation still reads or makes.
    private func firstRowNeeded(of store: Int, after done: [Int]) -> Int {
        var first = stores.lastIndex(of: store).map { done[$0] } ?? .max
        if let reader = reader(of: store) {
            first = min(first, firstRowRead(by: operations[reader], after: done[reader]))
        }
        return first
    }

    private func firstRowRead(by operation: any RowOperation, after done: Int) -> Int {
        guard done < operation.result.height else { return .max }
        let end = min(done + operation.blockHeight, operation.result.height)
        return operation.sourceRows(for: done..<end).lowerBound
    }

    /// Whether the result's rows so far would lie above all rows of the source that are still read.
    private func resultLeavesSource(after before: [Int]) -> Bool {
        guard let last = stores.last, last > 0, let writer = stores.firstIndex(of: last),
            let reader = reader(of: 0)
        else { return true }
        let (from, to) = (operations[0].source, operations[writer].result)
        func isLeft(afterWriting end: Int, reading done: Int) -> Bool {
            let inPlace = stores.lastIndex(of: 0).map { self.done[$0] } ?? .max
            let first = min(firstRowRead(by: operations[reader], after: done), inPlace)
            return first >= from.height || end * to.bytesPerRow <= first * from.bytesPerRow
        }
        guard writer == reader else {
            return isLeft(afterWriting: done[writer], reading: done[reader])
        }
        // A single operation reads and writes by turns.
        let blocks = stride(
            from: before[writer], through: done[writer], by: operations[writer].blockHeight)
        return blocks.allSatisfy { isLeft(afterWriting: $0, reading: $0) }
    }
}
