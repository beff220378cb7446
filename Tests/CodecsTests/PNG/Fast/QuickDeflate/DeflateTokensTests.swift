import Testing

@testable import Codecs

@Suite("Tokens of a block")
struct DeflateTokensTests {
    /// A block divided into literals, a copy unless `length` is 0, and literals.
    private func divided(
        _ bytes: [UInt8], literalCount: Int, copyOf length: Int, with tokens: inout DeflateTokens
    ) -> (tokens: [DeflateToken], literals: [UInt8], bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return ([], [], []) }
            unsafe tokens.begin(start..<start + bytes.count)
            if length > 0 {
                unsafe tokens.append(
                    start, literalCount: literalCount, copyOf: length, from: 32_768)
            }
            let block = unsafe tokens.end(start + literalCount + length)
            return unsafe (Array(block.tokens), Array(block.literals), Array(block.bytes))
        }
    }

    private func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    }

    @Test("leave no rest below 3 of a long copy", arguments: 3...530)
    func splits(length: Int) {
        let bytes = bytes(7 + length + 2)
        var tokens = DeflateTokens(largestBlock: 600)
        let block = divided(bytes, literalCount: 7, copyOf: length, with: &tokens)
        let copies = block.tokens.dropLast()
        #expect(copies.reduce(0) { $0 + Int($1.copyLength) } == length)
        #expect(copies.allSatisfy { (3...258).contains($0.copyLength) })
        #expect(copies.allSatisfy { $0.distance == 32_768 })
        #expect(block.tokens.map(\.literalCount).reduce(0, +) == 9)
        #expect(block.tokens.first?.literalCount == 7)
    }

    @Test("gather the literals, few or many, before a copy", arguments: 1...20, [3, 300])
    func literals(count: Int, length: Int) {
        let bytes = bytes(count + length + 2)
        var tokens = DeflateTokens(largestBlock: 600)
        let block = divided(bytes, literalCount: count, copyOf: length, with: &tokens)
        #expect(block.literals == bytes.prefix(count) + bytes.suffix(2))
        #expect(block.bytes == bytes)
    }

    @Test("gather all of a block without copies", arguments: [1, 15, 16, 17, 600])
    func onlyLiterals(count: Int) {
        var tokens = DeflateTokens(largestBlock: 600)
        let block = divided(bytes(count), literalCount: 0, copyOf: 0, with: &tokens)
        #expect(block.literals == bytes(count))
        #expect(block.tokens.count == 1)
    }

    @Test("begin anew")
    func begin() {
        var tokens = DeflateTokens(largestBlock: 600)
        _ = divided(bytes(100), literalCount: 7, copyOf: 9, with: &tokens)
        let block = divided([16, 17, 18, 19], literalCount: 0, copyOf: 0, with: &tokens)
        #expect(block.tokens.count == 1)
        #expect(block.literals == [16, 17, 18, 19])
        #expect(block.bytes == [16, 17, 18, 19])
    }
}
