import Profiling
import Testing

@testable import Codecs

@Suite("A zlib stream of pieces")
struct ZlibStreamTests {
    /// What `bands` become, each compressed in its own way.
    private func stream(
        _ bands: [[UInt8]], by compressions: [Compression], limit: Int
    ) throws -> [UInt8] {
        let pieceCount = bands.reduce(0) { $0 + ($1.count + limit - 1) / limit }
        return try PNGWorkspace.borrow { workspace in
            var stream = try #require(
                ZlibStream(
                    pieceCount: pieceCount, largestPiece: limit, in: workspace, checkpoint: .none))
            for (i, band) in bands.enumerated() {
                try unsafe band.withUnsafeBufferPointer {
                    try unsafe stream.append(
                        $0, by: compressions[i % compressions.count], isLast: i == bands.count - 1)
                }
            }
            return unsafe Array(stream.finish())
        }
    }

    /// Bands that are stored, that are coded by the fixed codes, and that are coded by others.
    private var bands: [[UInt8]] {
        var generator = SeededGenerator(seed: 1)
        let noise = (0..<30_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let alike = generator.bytes(30_000)
        return [
            noise, alike, [1, 2, 3], alike, noise, [7], noise, [UInt8](repeating: 0, count: 9999),
        ]
    }

    @Test(
        "inflates to the pieces one after the other, however each was compressed",
        arguments: [
            [.level(10)], [.level(5)], [.level(1)], [.quick(.runs)],
            [.quick(.copies(step: 1)), .level(5), .quick(.runs), .level(1)],
        ]
            as [[Compression]], [30_000, 7001])
    func roundTrip(compressions: [Compression], limit: Int) throws {
        for count in 1...bands.count {
            let bands = Array(bands.prefix(count))
            let stream = try stream(bands, by: compressions, limit: limit)
            let bytes = bands.flatMap { $0 }
            #expect(Inflated.bytes(stream, byteCount: bytes.count) == bytes)
        }
    }

    @Test("joins pieces that end at each bit of a byte")
    func bits() throws {
        var ends: Set<Int> = []
        for length in 2...80 {
            let bands = (0..<4).map { band in
                (0..<length).map { UInt8(truncatingIfNeeded: $0 * $0 * 5 + band * length) }
            }
            let stream = try stream(bands, by: [.level(5)], limit: 100)
            #expect(Inflated.bytes(stream, byteCount: 4 * length) == bands.flatMap { $0 })
            // What the first of them ends with.
            let first = try PNGWorkspace.borrow { try $0.deflated(bands[0], by: .level(5)) }
            ends.insert(try DeflateWalk(over: Array(first[2...]).span).end % 8)
        }
        #expect(ends == Set(0..<8))
    }

    @Test("is what libdeflate makes of the whole where there is one piece")
    func onePiece() throws {
        let stream = try stream([bands[1]], by: [.level(10)], limit: 1 << 20)
        #expect(stream.prefix(2) == [0x78, 0xDA])
        #expect(try stream.count <= self.stream([bands[1]], by: [.level(10)], limit: 7001).count)
    }

    @Test("is left as it was by a trial")
    func trial() throws {
        let bytes = bands[1]
        let streams = try [false, true].map { isTried in
            try PNGWorkspace.borrow { workspace in
                var stream = try #require(
                    ZlibStream(
                        pieceCount: 2, largestPiece: bytes.count, in: workspace,
                        checkpoint: .none))
                return try unsafe bytes.withUnsafeBufferPointer { bytes in
                    try unsafe stream.append(bytes, by: .level(5), isLast: false)
                    if isTried {
                        #expect(
                            try unsafe stream.trialByteCount(of: bytes, by: .quick(.runs)) > 10_000)
                    }
                    try unsafe stream.append(bytes, by: .level(5), isLast: true)
                    return unsafe Array(stream.finish())
                }
            }
        }
        #expect(streams[0] == streams[1])
    }
}
