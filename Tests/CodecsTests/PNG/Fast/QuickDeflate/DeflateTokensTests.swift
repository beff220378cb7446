import Testing

@testable import Codecs

@Suite("Tokens of a block")
struct DeflateTokensTests {
    @Test("leave no rest below 3 of a long copy", arguments: 3...530)
    func splits(length: Int) {
        var tokens = DeflateTokens(largestBlock: 600)
        tokens.append(literalCount: 7, copyOf: length, from: 32_768)
        let found = unsafe Array(tokens.end(literalCount: 2))
        #expect(found.dropLast().reduce(0) { $0 + Int($1.copyLength) } == length)
        #expect(found.dropLast().allSatisfy { (3...258).contains($0.copyLength) })
        #expect(found.dropLast().allSatisfy { $0.distance == 32_768 })
        #expect(found.map(\.literalCount).reduce(0, +) == 9)
        #expect(found.first?.literalCount == 7)
    }

    @Test("begin anew")
    func removeAll() {
        var tokens = DeflateTokens(largestBlock: 600)
        tokens.append(literalCount: 7, copyOf: 9, from: 1)
        tokens.removeAll()
        #expect(unsafe tokens.end(literalCount: 4).count == 1)
    }
}
