import Testing

@testable import Codecs

@Suite("Finding runs")
struct RunSearchTests {
    /// The tokens of the input in blocks of `blockByteCount`.
    private func tokens(_ input: [UInt8], blockByteCount: Int = 1 << 16) -> [DeflateToken] {
        var search = RunSearch(largestBlock: blockByteCount)
        return unsafe input.withUnsafeBufferPointer { input -> [DeflateToken] in
            guard let start = input.baseAddress else { return [] }
            return stride(from: 0, to: input.count, by: blockByteCount).flatMap { offset in
                let block = offset..<min(offset + blockByteCount, input.count)
                return unsafe Array(search.tokens(of: block, in: start).tokens)
            }
        }
    }

    @Test("makes up the input", arguments: 1...20, [64, 100, 1 << 16])
    func makesUp(seed: Int, blockByteCount: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let input = (0..<300).flatMap { _ in
            [UInt8](
                repeating: .random(in: 0...3, using: &generator),
                count: .random(in: 1...40, using: &generator))
        }
        var output: [UInt8] = []
        for token in tokens(input, blockByteCount: blockByteCount) {
            output += input[output.count..<output.count + Int(token.literalCount)]
            if token.copyLength > 0 {
                #expect(token.distance == 1)
                output += [UInt8](repeating: output[output.count - 1], count: Int(token.copyLength))
            }
        }
        #expect(output == input)
    }

    @Test("finds a run of 8 bytes wherever it begins", arguments: 1...17)
    func finds(start: Int) {
        // One literal, then 8 that are equal to it.
        let input =
            (0..<start).map { UInt8($0) } + [UInt8](repeating: 99, count: 9)
            + (100..<120).map { UInt8($0) }
        let found = tokens(input)
        #expect(found.map(\.copyLength) == [8, 0])
        #expect(found[0].literalCount == start + 1)
    }
}
