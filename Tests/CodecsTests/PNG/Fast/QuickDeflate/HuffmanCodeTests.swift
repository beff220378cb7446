import Testing

@testable import Codecs

@Suite("A Huffman code")
struct HuffmanCodeTests {
    /// The bits of all symbols in a code without a limit: the sum of all inner nodes' weights.
    private func fewestBits(_ frequencies: [UInt32]) -> Int {
        var weights = frequencies.filter { $0 > 0 }.map(Int.init).sorted(by: >)
        var sum = 0
        while weights.count > 1 {
            let weight = weights.removeLast() + weights.removeLast()
            sum += weight
            weights.insert(weight, at: weights.firstIndex { $0 < weight } ?? weights.count)
        }
        return sum
    }

    private func frequencies(_ count: Int, seed: UInt64) -> [UInt32] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let bits = UInt32.random(in: 0...20, using: &generator)
            return UInt32.random(in: 0...(1 << bits) - 1, using: &generator)
        } + [1, 1]
    }

    /// The lengths of a code for symbols that occur so often.
    private func lengths(_ frequencies: [UInt32], longest: Int) -> [Int] {
        let code = HuffmanCode<128>(frequencies: frequencies.span, longest: longest)
        return frequencies.indices.map { code.length(of: $0) }
    }

    @Test("takes the fewest bits where no length is limited", arguments: 1...20)
    func fewest(seed: Int) {
        let frequencies = (0..<6 + seed).map { UInt32($0 % 7 + seed) }
        let bitCount = zip(frequencies, lengths(frequencies, longest: 15)).reduce(0) {
            $0 + Int($1.0) * $1.1
        }
        #expect(bitCount == fewestBits(frequencies))
        let code = HuffmanCode<128>(frequencies: frequencies.span, longest: 15)
        #expect(code.bitCount(of: frequencies.span) == bitCount)
    }

    @Test(
        "is complete and within its limit", arguments: 1...30, [7, 9, 14])
    func complete(seed: Int, longest: Int) {
        let frequencies = frequencies(10 + seed * 3, seed: UInt64(seed))
        let all = lengths(frequencies, longest: longest)
        let lengths = all.filter { $0 > 0 }
        #expect(lengths.allSatisfy { $0 <= longest })
        #expect(lengths.reduce(0) { $0 + (1 << (longest - $1)) } == 1 << longest)
        #expect(zip(frequencies, all).allSatisfy { ($0 > 0) == ($1 > 0) })
    }

    @Test("limits lengths that grow like Fibonacci's numbers")
    func limits() {
        var frequencies: [UInt32] = [1, 1]
        while frequencies.count < 40 { frequencies.append(frequencies.suffix(2).reduce(0, +)) }
        let lengths = lengths(frequencies, longest: 14)
        #expect(lengths.max() == 14)
        #expect(lengths.reduce(0) { $0 + (1 << (14 - $1)) } == 1 << 14)
    }

    @Test("has two symbols also where fewer occur", arguments: [[], [0], [1], [5]])
    func few(symbols: [Int]) {
        var frequencies = [UInt32](repeating: 0, count: 30)
        for symbol in symbols { frequencies[symbol] = 9 }
        let lengths = lengths(frequencies, longest: 14)
        #expect(lengths.filter { $0 == 1 }.count == 2)
        #expect(lengths.filter { $0 == 0 }.count == 28)
        #expect(symbols.allSatisfy { lengths[$0] == 1 })
        let code = HuffmanCode<30>(frequencies: frequencies.span, longest: 14)
        let coded = (0..<code.codedCount).map { Int(code.symbols[$0]) }
        #expect(coded == lengths.indices.filter { lengths[$0] == 1 })
    }

    @Test("numbers its codes as the specification's example does")
    func canonical() {
        // RFC 1951, clause 3.2.2: lengths 3, 3, 3, 3, 3, 2, 4, 4 for A to H.
        let frequencies: [UInt32] = [8, 8, 8, 8, 8, 16, 4, 4]
        #expect(lengths(frequencies, longest: 15) == [3, 3, 3, 3, 3, 2, 4, 4])
        let code = HuffmanCode<8>(frequencies: frequencies.span, longest: 15)
        let bits = (0..<8).map { symbol in
            (0..<code.length(of: symbol)).map { String(code.entries[symbol] >> UInt32($0) & 1) }
                .joined()
        }
        #expect(bits == ["010", "011", "100", "101", "110", "00", "1110", "1111"])
    }
}
