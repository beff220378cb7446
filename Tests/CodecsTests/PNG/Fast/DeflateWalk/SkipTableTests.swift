import Testing

@testable import Codecs

@Suite("A table of bits to skip")
struct SkipTableTests {
    private let start = SkipTable.Entry(bitCount: 0)
    private let length = SkipTable.Entry.length(bitCount: 1)

    /// A code in which the symbols have 1, 2, 3 … bits, in this order, and the last two 15.
    private func code(_ symbols: [Int], of count: Int) throws -> CanonicalCode {
        var lengths = [UInt8](repeating: 0, count: count)
        for (i, symbol) in symbols.enumerated() { lengths[symbol] = UInt8(min(i + 1, 15)) }
        return try #require(CanonicalCode(lengths: lengths))
    }

    @Test("has entries of which three fit a word, whatever they are")
    func sums() throws {
        // The lengths and distances of the most further bits have the codes of the most bits, and
        // bytes are between.
        let literals = [0, 1, 256, 257, 258, 259, 260, 261, 280, 284, 283, 282, 281, 2, 3, 4]
        let distances = [0, 1, 2, 3, 4, 5, 22, 24, 26, 29, 28, 27, 25, 23, 21, 20]
        let table = try SkipTable(code(literals, of: 286), code(distances, of: 30))
        func most(after last: SkipTable.Entry) -> Int {
            (0..<1 << 10).map { table.entry(for: $0, after: last) }
                .map { $0.goesOn ? $0.bitCount : 0 }.max() ?? 0
        }
        let (mostOfLiterals, mostOfDistances) = (most(after: start), most(after: length))
        #expect(mostOfLiterals > 10 && mostOfDistances > 10)
        #expect(mostOfDistances + mostOfLiterals + mostOfDistances <= BitReader.bitsPerWord)
    }

    @Test("joins literals with what follows, and tells what that is")
    func joined() throws {
        // The codes are 0, 10, 110, … and the first bit is the lowest.
        let table = try SkipTable(
            code([7, 256, 257, 265] + (8..<20), of: 286), code(Array(0..<16), of: 30))
        #expect(table.entry(for: 0, after: start) == SkipTable.Entry(bitCount: 4))
        #expect(table.entry(for: 0b010, after: start) == .end(bitCount: 3))
        #expect(table.entry(for: 0b01, after: start) == .end(bitCount: 2))
        #expect(table.entry(for: 0b0110, after: start) == .length(bitCount: 4))
        // Length 11 or 12 has one more bit.
        #expect(table.entry(for: 0b0111, after: start) == .length(bitCount: 5))
    }

    @Test("looks closer at codes that are too long for it")
    func closerLook() throws {
        let table = try SkipTable(
            code([7, 256] + (8..<22), of: 286), code(Array(0..<15) + [29], of: 30))
        let ones: UInt64 = (1 << 15) - 1
        #expect(table.entry(for: ones, after: start) == .unclear)
        #expect(table.closerLook(at: ones, after: start) == SkipTable.Entry(bitCount: 15))
        #expect(table.closerLook(at: ones, after: length) == SkipTable.Entry(bitCount: 28))
    }

    @Test("knows no length beyond 258 and no distance beyond 32768")
    func unknown() throws {
        let table = try SkipTable(
            code([0, 256, 286, 287] + (1..<13), of: 288), code(Array(16..<32), of: 32))
        #expect(table.closerLook(at: 0b011, after: start) == nil)
        #expect(table.closerLook(at: (1 << 15) - 1, after: length) == nil)
    }
}
