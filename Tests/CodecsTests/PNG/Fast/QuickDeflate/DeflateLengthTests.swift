import Testing

@testable import Codecs

@Suite("Lengths in deflate")
struct DeflateLengthTests {
    /// The first length of each symbol from 257 on, and the count of its extra bits (RFC 1951,
    /// clause 3.2.5).
    private static let table = [
        (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1),
        (17, 1), (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4),
        (83, 4), (99, 4), (115, 4), (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
    ]

    @Test("are the symbols of the specification", arguments: 3...258)
    func symbols(length: Int) throws {
        let index = try #require(Self.table.lastIndex { $0.0 <= length })
        let code = DeflateLength(length)
        #expect(code.symbol == 257 + index)
        #expect(code.extraBitCount == Self.table[index].1)
        #expect(code.extraBits == UInt64(length - Self.table[index].0))
    }
}
