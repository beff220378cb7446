import Testing

@testable import Codecs

@Suite("A walk over deflate blocks")
struct DeflateWalkTests {
    /// A stream of libdeflate.
    private func deflated(_ bytes: [UInt8], level: Int) throws -> [UInt8] {
        var stream = [UInt8](repeating: 0xA5, count: Deflater.largestByteCount(for: bytes.count))
        var deflater = Deflater(level: level)
        let count = unsafe bytes.withUnsafeBytes { bytes in
            unsafe stream.withUnsafeMutableBytes { unsafe deflater?.deflate(bytes, into: $0) }
        }
        return try Array(stream.prefix(#require(count)))
    }

    private func walk(over bytes: [UInt8]) throws(DeflateFault) -> DeflateWalk {
        try DeflateWalk(over: bytes.span)
    }

    /// Bytes that are each drawn as often as the next one twice, so that codes get long.
    private func skewed(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: 5)
        return (0..<count).map { _ in UInt8(generator.next().trailingZeroBitCount) &* 37 }
    }

    private func noise(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: 7)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// The same bytes again and again, from all distances up to 32 KiB.
    private func copies(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: 9)
        var bytes = noise(20_000)
        while bytes.count < count {
            let length = Int.random(in: 3...400, using: &generator)
            let start = bytes.count - Int.random(in: length...20_000, using: &generator)
            bytes += Array(bytes[start..<start + length])
            bytes.append(UInt8.random(in: 0...255, using: &generator))
        }
        return bytes
    }

    @Test(
        "ends where the stream of libdeflate ends, after its last block",
        arguments: [1, 5, 10], [1, 2, 100, 4000, 40_000, 400_000])
    func ends(level: Int, byteCount: Int) throws {
        var generator = SeededGenerator(seed: UInt64(byteCount))
        for bytes in [
            generator.bytes(byteCount), skewed(byteCount), noise(byteCount), copies(byteCount),
            [UInt8](repeating: 9, count: byteCount),
        ] {
            let stream = try deflated(bytes, level: level)
            let walk = try self.walk(over: stream)
            #expect(walk.end > 8 * (stream.count - 1) && walk.end <= 8 * stream.count)
            #expect(stream[walk.lastBlock / 8] >> UInt8(walk.lastBlock % 8) & 1 == 1)
        }
    }

    @Test("finds the last of several blocks of each type")
    func lastBlock() throws {
        // Stored without content, and fixed with nothing but its end: 1, 1, then 7 zeros.
        let walk = try self.walk(over: [0, 0, 0, 0xFF, 0xFF, 0b011, 0])
        #expect(walk.lastBlock == 40)
        #expect(walk.end == 50)
        // Fixed first, then stored at bit 10: 1, 0, 0 and three bits up to the byte.
        let other = try self.walk(over: [0b010, 0b100, 1, 0, 0xFE, 0xFF, 7])
        #expect(other.lastBlock == 10)
        #expect(other.end == 56)
    }

    @Test("goes by the last block and not by what follows it")
    func rest() throws {
        let stream = try deflated(skewed(1000), level: 5)
        let walk = try self.walk(over: stream)
        #expect(try self.walk(over: stream + noise(50)).end == walk.end)
    }

    @Test(
        "says what is wrong and where",
        arguments: [
            ([], DeflateFault.endsEarly(byteCount: 0)),
            ([0b011], .endsEarly(byteCount: 1)),
            ([0b111], .unknownBlockType(bit: 0)),
            ([0b001, 1, 0, 0xFF, 0xFF, 7], .storedLengthMismatch(bit: 0)),
            ([0b001, 2, 0, 0xFD, 0xFF, 7], .endsEarly(byteCount: 6)),
            // Distance 30 of the fixed code after length 3: 1, 1, then 0000001, then 11110.
            ([0b0000_0011, 0b0011_1110, 0, 0, 0, 0, 0, 0, 0], .invalidCode(bit: 10)),
            // Length 286 of the fixed code, 11000110.
            ([0b0001_1011, 0b0000_0011, 0, 0, 0, 0, 0, 0, 0], .invalidCode(bit: 3)),
            // All 19 lengths of the code for code lengths are 0, or one code has 1 bit.
            ([0b101, 0, 0, 0, 0, 0, 0, 0, 0, 0], .invalidCodeLengths(bit: 3)),
            ([0b101, 0, 0b10, 0, 0, 0, 0, 0, 0, 0], .invalidCodeLengths(bit: 3)),
        ] as [([UInt8], DeflateFault)])
    func faults(bytes: [UInt8], fault: DeflateFault) {
        #expect(throws: fault) { try walk(over: bytes) }
    }

    @Test("finds a stream that is cut off too short, wherever that is")
    func truncated() throws {
        for bytes in [skewed(1500), copies(21_000), noise(300)] {
            let stream = try deflated(bytes, level: 10)
            for count in stride(from: 0, to: stream.count, by: stream.count < 1000 ? 1 : 211) {
                #expect(throws: DeflateFault.self) {
                    try walk(over: Array(stream[..<count]))
                }
            }
        }
    }

    @Test("stays within whatever bytes it is given")
    func garbage() throws {
        var generator = SeededGenerator(seed: 11)
        let streams = try [skewed(3000), copies(24_000)].map { try deflated($0, level: 10) }
        var faultCount = 0
        for round in 0..<1000 {
            var stream = streams[round % 2]
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<min(stream.count, 400), using: &generator)
                stream[place] = UInt8.random(in: 0...255, using: &generator)
            }
            do throws(DeflateFault) {
                let walk = try self.walk(over: stream)
                #expect(walk.end <= 8 * stream.count && walk.lastBlock < walk.end)
            } catch {
                faultCount += 1
            }
        }
        #expect(faultCount > 0)
    }

    @Test("words each fault as a clause")
    func descriptions() {
        #expect(
            "\(DeflateFault.endsEarly(byteCount: 5))"
                == "its stream does not end within its 5 bytes")
        #expect("\(DeflateFault.invalidCode(bit: 12))" == "its stream has no code at bit 12")
    }
}
