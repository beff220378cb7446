import Testing

@testable import Codecs

@Suite("A block of a deflate stream")
struct DeflateBlockTests {
    /// Literals, and copies of all lengths and distances.
    private func input(seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        var input = generator.bytes(300)
        while input.count < 40_000 {
            let start = Int.random(in: 0..<input.count, using: &generator)
            input += input[start...].prefix(.random(in: 8...300, using: &generator))
            input += generator.bytes(.random(in: 0...20, using: &generator))
        }
        return input
    }

    @Test("takes the bits that it counted", arguments: 1...8)
    func bitCount(seed: Int) throws {
        let input = input(seed: UInt64(seed))
        var output = [UInt8](repeating: 0, count: 2 * input.count)
        var search = CopySearch(largestBlock: input.count)
        search.reset()
        let (counted, written) = try unsafe input.withUnsafeBufferPointer { input in
            try unsafe output.withUnsafeMutableBufferPointer { output in
                let (start, target) = unsafe (
                    try #require(input.baseAddress), try #require(output.baseAddress)
                )
                let divided = unsafe search.tokens(of: 0..<input.count, in: start, step: 1)
                let block = DeflateBlock(divided, counter: LiteralCounter())
                var writer = unsafe BitWriter(at: target)
                block.write(isLast: true, to: &writer)
                return unsafe (block.bitCount, writer.finishByte() - target)
            }
        }
        #expect(counted < 8 * input.count)
        #expect(written == (counted + 7) / 8)
    }
}
