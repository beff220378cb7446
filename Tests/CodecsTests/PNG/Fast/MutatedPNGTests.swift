import Images
import TestSupport
import Testing

@testable import Codecs

@Suite("A PNG with a few bytes changed, and right checksums")
struct MutatedPNGTests {
    private static let paths = Fixture.paths(in: "valid").filter {
        $0.hasSuffix("33x17.png") && !$0.contains("interlaced")
    }

    @Test("has libpng's pixels where the fast reader takes it", arguments: 1...60)
    func sameAsLibPNG(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<20 {
            let path = try #require(Self.paths.randomElement(using: &generator))
            let bytes = mutated(try Fixture.bytes(path), using: &generator)
            let limits = DecodeLimits(pixelCount: 1 << 16)
            guard (try? PNGCodec().probe(bytes.span, limits: limits)) != nil,
                let (pixels, _) = try FastPNG.decode(bytes)
            else { continue }
            #expect(try pixels == FastPNG.decodeByLibPNG(bytes), "\(path)")
        }
    }

    /// Changes up to three bytes of the chunks' contents.
    private func mutated(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        var chunks: [PNGChunk] = []
        var offset = PNGFile.signatureByteCount
        while let chunk = PNGChunk(at: offset, of: bytes.span), chunk.isWhole {
            if !chunk.content.isEmpty { chunks.append(chunk) }
            offset = chunk.end
        }
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            guard let chunk = chunks.randomElement(using: &generator),
                let place = chunk.content.randomElement(using: &generator)
            else { continue }
            bytes[place] = .random(in: 0...255, using: &generator)
            let checksum = PNGChunk.checksum(
                of: bytes.span.extracting(chunk.offset + 4..<chunk.content.upperBound))
            for i in 0..<4 {
                bytes[chunk.content.upperBound + i] = UInt8(
                    truncatingIfNeeded: checksum >> UInt32(24 - 8 * i))
            }
        }
        return bytes
    }
}
