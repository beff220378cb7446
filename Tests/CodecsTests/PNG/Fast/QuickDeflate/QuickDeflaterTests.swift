import Testing

@testable import Codecs

@Suite("Deflating quickly")
struct QuickDeflaterTests {
    private static let repetitions: [Repetition] = [.runs, .copies(step: 1), .copies(step: 8)]

    private func deflated(
        _ bytes: [UInt8], repeating repetition: Repetition = .runs
    ) throws -> [UInt8] {
        try PNGWorkspace.borrow { try $0.deflated(bytes, by: .quick(repetition)) }
    }

    @Test(
        "gives a stream that inflates to the same",
        arguments: [
            1, 2, 3, 7, 8, 9, 100, 1000, 65_535, 65_536, 66_559, 66_560, 66_561, 133_120, 133_121,
            200_000,
        ],
        repetitions)
    func roundTrip(byteCount: Int, repetition: Repetition) throws {
        var generator = SeededGenerator(seed: UInt64(byteCount))
        let inputs = [
            generator.bytes(byteCount), [UInt8](repeating: 0, count: byteCount),
            (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) },
            (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) },
        ]
        for input in inputs {
            let stream = try deflated(input, repeating: repetition)
            #expect(Inflated.bytes(stream, byteCount: byteCount) == input)
        }
    }

    @Test("copes with runs of every length", arguments: [1, 5, 250], repetitions)
    func runs(first: Int, repetition: Repetition) throws {
        let input = (first..<first + 540).flatMap { length in
            [UInt8](repeating: UInt8(truncatingIfNeeded: length &* 31), count: length)
        }
        let stream = try deflated(input, repeating: repetition)
        #expect(Inflated.bytes(stream, byteCount: input.count) == input)
    }

    @Test("copies from blocks before, and from nowhere else", arguments: [1, 100, 32_768, 32_769])
    func copiesOfFarBytes(distance: Int) throws {
        var generator = SeededGenerator(seed: UInt64(distance))
        var input = (0..<70_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        input += input.suffix(distance).prefix(5000)
        // What another input had is forgotten.
        _ = try deflated(input.reversed(), repeating: .copies(step: 1))
        let stream = try deflated(input, repeating: .copies(step: 1))
        #expect(Inflated.bytes(stream, byteCount: input.count) == input)
    }

    @Test("takes copies where they are, and not from more than 32768 bytes before")
    func finds() throws {
        var generator = SeededGenerator(seed: 9)
        let noise = (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let (near, far) = (noise.suffix(32_768).prefix(5000), noise.suffix(32_769).prefix(5000))
        #expect(try deflated(noise + near, repeating: .copies(step: 1)).count < 41_000)
        #expect(try deflated(noise + far, repeating: .copies(step: 1)).count > 44_000)
    }

    @Test("gives the same bytes whatever was deflated before")
    func sameBytes() throws {
        var generator = SeededGenerator(seed: 5)
        let noise = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        // In steps of 8 the second noise is not seen to be the first: it lies 4 bytes beside.
        let input = noise + [1, 2, 3, 4] + noise
        try PNGWorkspace.borrow { workspace in
            let first = try workspace.deflated(input, by: .quick(.copies(step: 8)))
            _ = try workspace.deflated(noise, by: .quick(.copies(step: 1)))
            #expect(try workspace.deflated(input, by: .quick(.copies(step: 8))) == first)
        }
    }

    @Test("takes no more than it announces where copies hardly make up for the codes")
    func copiesInNoise() throws {
        var generator = SeededGenerator(seed: 4)
        for copyCount in 0...80 {
            var input = (0..<30_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            for start in 0..<copyCount { input += input[300 * start..<300 * start + 8] + [0] }
            let stream = try deflated(input, repeating: .copies(step: 1))
            let most = try #require(QuickDeflater.largestByteCount(for: input.count))
            #expect(stream.count <= 2 + most - 8 + 4, "\(copyCount) copies")
        }
    }

    @Test("stores noise with no more than the bytes that it announces")
    func noiseIsStored() throws {
        var generator = SeededGenerator(seed: 3)
        let input = (0..<150_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let stream = try deflated(input)
        let most = try #require(QuickDeflater.largestByteCount(for: input.count))
        #expect(stream.count <= 2 + most - 8 + 4)
    }

    @Test("makes little of zeros")
    func zeros() throws {
        #expect(try deflated([UInt8](repeating: 0, count: 1 << 20)).count < 3000)
    }
}
