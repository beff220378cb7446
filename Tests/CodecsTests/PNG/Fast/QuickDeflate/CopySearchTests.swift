import Testing

@testable import Codecs

@Suite("Finding copies")
struct CopySearchTests {
    /// The tokens of the input in blocks of `blockByteCount`.
    private func tokens(
        _ input: [UInt8], step: Int = 1, blockByteCount: Int = 1 << 16
    ) -> [DeflateToken] {
        var search = CopySearch(largestBlock: blockByteCount)
        search.reset()
        return unsafe input.withUnsafeBufferPointer { input -> [DeflateToken] in
            guard let start = input.baseAddress else { return [] }
            return stride(from: 0, to: input.count, by: blockByteCount).flatMap { offset in
                let block = offset..<min(offset + blockByteCount, input.count)
                return unsafe Array(search.tokens(of: block, in: start, step: step).tokens)
            }
        }
    }

    /// What a reader makes of the tokens, which has the literals of `input`.
    private func output(of tokens: [DeflateToken], literals input: [UInt8]) throws -> [UInt8] {
        var output: [UInt8] = []
        for token in tokens {
            output += input[output.count..<output.count + Int(token.literalCount)]
            guard token.copyLength > 0 else { continue }
            try #require((1...output.count).contains(Int(token.distance)))
            for _ in 0..<token.copyLength {
                output.append(output[output.count - Int(token.distance)])
            }
        }
        return output
    }

    @Test("makes up the input", arguments: 1...12, [1, 2, 3, 4, 6, 8])
    func makesUp(seed: Int, step: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        // Pieces of a few bytes, each a new one, a repeated one or a run.
        var input: [UInt8] = [7]
        while input.count < 6000 {
            let count = Int.random(in: 1...40, using: &generator)
            switch Int.random(in: 0...2, using: &generator) {
            case 0: input += (0..<count).map { _ in .random(in: 0...255, using: &generator) }
            case 1:
                let start = Int.random(in: 0..<input.count, using: &generator)
                input += input[start...].prefix(count)
            default: input += [UInt8](repeating: input[input.count - 1], count: count)
            }
        }
        for blockByteCount in [9, 100, 1 << 16] {
            let tokens = tokens(input, step: step, blockByteCount: blockByteCount)
            #expect(try output(of: tokens, literals: input) == input)
        }
    }

    @Test("finds a copy of sixteen bytes wherever it begins", arguments: 0...9, [1, 2, 4, 8])
    func finds(offset: Int, step: Int) {
        let piece = (100..<116).map { UInt8($0) }
        let input =
            piece + (0..<offset).map { UInt8($0) } + [50, 51, 52] + piece + [200, 201, 202]
        // Nothing of the first piece is skipped where the step is one; else some bytes of it may be.
        let found = tokens(input, step: step)
        #expect(found.dropLast().contains { Int($0.distance) == 19 + offset } || step > 1)
        if step == 1 { #expect(found.map(\.copyLength) == [16, 0]) }
    }

    @Test("takes the longer copy of two that begin at neighbours")
    func lazy() {
        let short = (0..<9).map { UInt8(10 + $0) }
        let long = Array(short.dropFirst()) + (0..<12).map { UInt8(60 + $0) }
        let input = short + [1] + long + [2] + [short[0]] + long + [3]
        let found = tokens(input)
        #expect(found.map(\.copyLength).contains(UInt16(long.count)))
    }

    @Test(
        "finds copies to their last byte, also at the end of the input", arguments: 8...25,
        [0, 1, 9])
    func wholeCopies(length: Int, countBehind: Int) {
        let piece = (100..<100 + length).map { UInt8($0) }
        let input = piece + [1, 2, 3] + piece + (0..<countBehind).map { UInt8(10 + $0) }
        let found = tokens(input)
        #expect(found.map(\.copyLength) == [UInt16(length), 0])
        #expect(found.map(\.literalCount) == [UInt32(length + 3), UInt32(countBehind)])
    }

    @Test("keeps a copy where that which begins at the next place is shorter")
    func notLazy() {
        let piece = (100..<120).map { UInt8($0) }
        let input = [0] + piece + [1] + piece[1..<10] + [2] + piece + [3]
        #expect(tokens(input).map(\.copyLength) == [9, 20, 0])
    }

    @Test("finds runs as copies of the byte before", arguments: 1...8)
    func runs(step: Int) {
        let input = [UInt8](1...9) + [UInt8](repeating: 99, count: 100) + [UInt8](1...9)
        let found = tokens(input, step: step)
        let run = found.first { $0.copyLength > 0 }
        #expect(run?.distance == 1)
        #expect(run?.copyLength == 99)
    }

    @Test("gathers the literals of all tokens", arguments: [1, 2, 4])
    func literals(step: Int) throws {
        var generator = SeededGenerator(seed: 8)
        let piece = generator.bytes(20)
        let input = (0..<60).flatMap { piece + generator.bytes($0) }
        var search = CopySearch(largestBlock: input.count)
        search.reset()
        let (tokens, literals) = unsafe input.withUnsafeBufferPointer { input in
            guard let start = input.baseAddress else { return ([DeflateToken](), [UInt8]()) }
            let block = unsafe search.tokens(of: 0..<input.count, in: start, step: step)
            #expect(unsafe block.bytes.elementsEqual(input))
            return unsafe (Array(block.tokens), Array(block.literals))
        }
        var (expected, offset) = ([UInt8](), 0)
        for token in tokens {
            expected += input[offset..<offset + Int(token.literalCount)]
            offset += Int(token.literalCount) + Int(token.copyLength)
        }
        #expect(literals == expected)
        #expect(literals.count < input.count)
    }

    @Test("leaves inputs of less than nine bytes as they are", arguments: 1...8)
    func short(count: Int) {
        #expect(tokens([UInt8](repeating: 0, count: count)).map(\.copyLength) == [0])
    }
}
