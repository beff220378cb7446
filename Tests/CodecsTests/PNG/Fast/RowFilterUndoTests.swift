import Testing

@testable import Codecs

@Suite("Undoing row filters")
struct RowFilterUndoTests {
    /// Undoes rows of the given filters by the code under test and by the reference.
    private func undone(
        _ filters: [UInt8], width: Int, bytesPerPixel: Int, seed: UInt64 = 1
    ) -> (result: [UInt8]?, expected: [UInt8]) {
        var generator = SeededGenerator(seed: seed)
        let bytesPerRow = width * bytesPerPixel
        let top = generator.bytes(bytesPerRow)
        var filtered: [UInt8] = []
        var expected: [UInt8] = []
        var above = top
        for filter in filters {
            let differences = generator.bytes(bytesPerRow)
            filtered += [filter] + differences
            guard let filter = PNGRowFilter(rawValue: filter) else { continue }
            above = ReferenceRowFilters.undo(
                filter, differences, above: above, bytesPerPixel: bytesPerPixel)
            expected += above
        }
        // A byte after the rows shows writes beyond them.
        var output = [UInt8](repeating: 0xA5, count: bytesPerRow * filters.count + 1)
        let isDone = unsafe filtered.withUnsafeBufferPointer { filtered in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe top.withUnsafeBufferPointer { top in
                    guard let start = filtered.baseAddress, let output = output.baseAddress,
                        let top = top.baseAddress
                    else { return false }
                    let rows = unsafe FilteredRows(
                        start: start, bytesPerRow: bytesPerRow, bytesPerPixel: bytesPerPixel)
                    return unsafe rows.undo(0..<filters.count, to: output, above: top)
                }
            }
        }
        guard isDone else { return (nil, expected) }
        #expect(output.last == 0xA5)
        return (output.dropLast(), expected)
    }

    @Test(
        "gives the bytes that the specification gives",
        arguments: PNGRowFilter.allCases, [1, 2, 3, 4, 6, 8])
    func eachFilter(filter: PNGRowFilter, bytesPerPixel: Int) {
        for width in [1, 2, 3, 5, 7, 8, 9, 16, 17, 31, 64, 101] {
            let (result, expected) = undone(
                [filter.rawValue], width: width, bytesPerPixel: bytesPerPixel)
            #expect(result == expected, "width \(width)")
        }
    }

    @Test(
        "undoes runs of Paeth rows of every length", arguments: [1, 2, 3, 4, 6, 8],
        [1, 7, 8, 9, 10, 33, 100])
    func paethRuns(bytesPerPixel: Int, width: Int) {
        for rowCount in 1...13 {
            let (result, expected) = undone(
                [UInt8](repeating: 4, count: rowCount), width: width, bytesPerPixel: bytesPerPixel,
                seed: UInt64(rowCount))
            #expect(result == expected, "\(rowCount) rows")
        }
    }

    @Test("undoes rows of mixed filters", arguments: 1...20)
    func mixed(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let filters = (0..<23).map { _ in UInt8.random(in: 0...4, using: &generator) }
        let (result, expected) = undone(
            filters, width: 40 + seed, bytesPerPixel: [1, 2, 3, 4, 6, 8][seed % 6])
        #expect(result == expected)
    }

    @Test("declines a filter byte that names no filter", arguments: [5, 255] as [UInt8])
    func unknownFilter(filter: UInt8) {
        #expect(undone([0, filter], width: 9, bytesPerPixel: 3).result == nil)
    }
}
