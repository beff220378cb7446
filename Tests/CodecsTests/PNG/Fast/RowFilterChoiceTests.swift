import Testing

@testable import Codecs

@Suite("Choosing row filters")
struct RowFilterChoiceTests {
    private static let widths = [1, 2, 3, 5, 8, 11, 16, 17, 33, 64, 65, 130]

    /// A row and the row above it, random but the same in each run.
    private func rows(_ byteCount: Int) -> (row: [UInt8], above: [UInt8]) {
        var generator = SeededGenerator(seed: UInt64(byteCount))
        return (generator.bytes(byteCount), generator.bytes(byteCount))
    }

    @Test(
        "sums the differences that the specification gives",
        arguments: PNGRowFilter.allCases, [1, 2, 3, 4, 6, 8])
    func sums(filter: PNGRowFilter, bytesPerPixel: Int) {
        for width in Self.widths {
            let (row, above) = rows(width * bytesPerPixel)
            let choice = RowFilterChoice(
                bytesPerRow: row.count, bytesPerPixel: bytesPerPixel)
            let expected = ReferenceRowFilters.sum(
                ReferenceRowFilters.apply(
                    filter, to: row, above: above, bytesPerPixel: bytesPerPixel))
            #expect(unsafe choice.sums(row, above: above)[filter] == expected, "width \(width)")
        }
    }

    @Test("sums the largest differences in long rows", arguments: PNGRowFilter.allCases)
    func largestSums(filter: PNGRowFilter) {
        for byteCount in [256, 257, 258, 512, 2000] {
            let above = [UInt8](repeating: 0, count: byteCount)
            let row = ReferenceRowFilters.undo(
                filter, [UInt8](repeating: 128, count: byteCount), above: above, bytesPerPixel: 1)
            let choice = RowFilterChoice(bytesPerRow: byteCount, bytesPerPixel: 1)
            #expect(unsafe choice.sums(row, above: above)[filter] == UInt32(128 * byteCount))
        }
    }

    @Test(
        "writes the filter byte and the differences that the specification gives",
        arguments: PNGRowFilter.allCases, [1, 2, 3, 4, 6, 8])
    func differences(filter: PNGRowFilter, bytesPerPixel: Int) {
        for width in Self.widths {
            let (row, above) = rows(width * bytesPerPixel)
            let choice = RowFilterChoice(
                bytesPerRow: row.count, bytesPerPixel: bytesPerPixel)
            var output = [UInt8](repeating: 0xA5, count: row.count + 2)
            unsafe choice.apply(filter, to: row, above: above, &output)
            let expected = ReferenceRowFilters.apply(
                filter, to: row, above: above, bytesPerPixel: bytesPerPixel)
            #expect(output == [filter.rawValue] + expected + [0xA5], "width \(width)")
        }
    }

    @Test("takes the filter with the least sum, and of equal ones the first")
    func leastSum() {
        let above: [UInt8] = [10, 60, 20, 90, 40, 10, 80, 30]
        let choice = RowFilterChoice(bytesPerRow: 8, bytesPerPixel: 1)
        #expect(unsafe choice.leastSum(above, above: above) == .up)
        #expect(unsafe choice.leastSum([9, 9, 9, 9, 9, 9, 9, 9], above: above) == .sub)
        let zeros = [UInt8](repeating: 0, count: 8)
        #expect(unsafe choice.leastSum(zeros, above: zeros) == .none)
    }
}
