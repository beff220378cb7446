import Testing

@testable import Codecs

@Suite("Distances in deflate")
struct DeflateDistanceTests {
    /// The first distance of each symbol (RFC 1951, clause 3.2.5); two of them have one extra bit, two
    /// have two, and so on after the first four.
    private static let firsts = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12_289, 16_385, 24_577,
    ]

    @Test("are the symbols of the specification")
    func symbols() throws {
        for distance in 1...DeflateDistance.longest {
            let symbol = try #require(Self.firsts.lastIndex { $0 <= distance })
            let code = DeflateDistance(distance)
            #expect(code.symbol == symbol)
            #expect(code.extraBitCount == max(0, symbol / 2 - 1))
            #expect(code.extraBits == UInt64(distance - Self.firsts[symbol]))
        }
    }
}
