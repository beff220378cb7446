import Profiling
import Testing

@testable import Codecs

@Suite("Deflating quickly")
struct QuickDeflaterTests {
    private func deflated(_ bytes: [UInt8]) throws -> [UInt8] {
        try PNGWorkspace.borrow { workspace in
            try unsafe bytes.withUnsafeBufferPointer { bytes in
                let stream = unsafe try workspace.deflateQuickly(bytes, checkpoint: .none)
                return unsafe Array(try #require(stream))
            }
        }
    }

    /// Inflates by libdeflate, which also checks the checksum.
    private func inflated(_ stream: [UInt8], byteCount: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0xA5, count: byteCount)
        let isSound = PNGWorkspace.borrow { workspace in
            unsafe stream.withUnsafeBytes { stream in
                unsafe bytes.withUnsafeMutableBytes {
                    unsafe workspace.inflate(stream, filling: $0)
                }
            }
        }
        return isSound ? bytes : nil
    }

    @Test(
        "gives a stream that inflates to the same",
        arguments: [1, 2, 3, 7, 8, 9, 100, 1000, 65534, 65535, 65536, 65540, 131_071, 200_000])
    func roundTrip(byteCount: Int) throws {
        var generator = SeededGenerator(seed: UInt64(byteCount))
        let inputs = [
            generator.bytes(byteCount), [UInt8](repeating: 0, count: byteCount),
            (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) },
            (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) },
        ]
        for input in inputs {
            #expect(try inflated(deflated(input), byteCount: byteCount) == input)
        }
    }

    @Test("copes with runs of every length", arguments: [1, 5, 250])
    func runs(first: Int) throws {
        let input = (first..<first + 540).flatMap { length in
            [UInt8](repeating: UInt8(truncatingIfNeeded: length &* 31), count: length)
        }
        #expect(try inflated(deflated(input), byteCount: input.count) == input)
    }

    @Test("stores noise with no more than the bytes that it announces")
    func noiseIsStored() throws {
        var generator = SeededGenerator(seed: 3)
        let input = (0..<150_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let stream = try deflated(input)
        let most = try #require(QuickDeflater.largestByteCount(for: input.count))
        #expect(stream.count <= most - 8)
    }

    @Test("makes little of zeros")
    func zeros() throws {
        #expect(try deflated([UInt8](repeating: 0, count: 1 << 20)).count < 3000)
    }
}
