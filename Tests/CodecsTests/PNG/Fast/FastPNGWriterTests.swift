import Images
import Profiling
import TestSupport
import Testing

@testable import Codecs

@Suite("The fast PNG writer")
struct FastPNGWriterTests {
    private static let sizes = [(1, 1), (1, 9), (9, 1), (7, 5), (33, 17), (100, 35)]

    @Test(
        "writes what libpng reads as the same pixels", arguments: PixelFormat.allCases,
        EncodeOptions.PNGEffort.allCases)
    func roundTrip(format: PixelFormat, effort: EncodeOptions.PNGEffort) throws {
        for (width, height) in Self.sizes {
            let layout = try PixelLayout.of(width, height, format)
            var generator = SeededGenerator(seed: UInt64(width))
            let pixels = generator.bytes(layout.byteCount)

            let file = try FastPNG.encode(pixels, as: layout, effort: effort)

            let stored = try #require(try FastPNG.decode(file))
            #expect(try stored.pixels == FastPNG.decodeByLibPNG(file))
            let widened = FastPNG.convert(stored.pixels, from: stored.layout.format, to: format)
            #expect(widened == pixels, "\(layout)")
        }
    }

    @Test(
        "writes the same for noise and for drawings large enough to be tried",
        arguments: EncodeOptions.PNGEffort.allCases, [true, false])
    func large(effort: EncodeOptions.PNGEffort, isNoise: Bool) throws {
        let layout = try PixelLayout.of(400, 300, .rgb8)
        var generator = SeededGenerator(seed: 1)
        let pixels = isNoise ? generator.bytes(layout.byteCount) : drawing(layout)

        let file = try FastPNG.encode(pixels, as: layout, effort: effort)

        let stored = try #require(try FastPNG.decode(file))
        #expect(FastPNG.convert(stored.pixels, from: stored.layout.format, to: .rgb8) == pixels)
    }

    @Test("compresses drawings by their copies even with the fast effort")
    func copiesInDrawings() throws {
        let layout = try PixelLayout.of(400, 300, .rgb8)
        let fast = try FastPNG.encode(drawing(layout), as: layout, effort: .fast)
        #expect(fast.count < layout.byteCount / 50)
    }

    @Test("gives the same bytes on all threads")
    func sameOnAllThreads() async throws {
        let layout = try PixelLayout.of(100, 35, .rgba8)
        let pixels = layout.pattern
        let files = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for effort in EncodeOptions.PNGEffort.allCases {
                for _ in 0..<8 {
                    group.addTask { try FastPNG.encode(pixels, as: layout, effort: effort) }
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(files.count <= EncodeOptions.PNGEffort.allCases.count)
    }

    @Test("stops where the checkpoint says so", arguments: EncodeOptions.PNGEffort.allCases)
    func stops(effort: EncodeOptions.PNGEffort) throws {
        let cancellation = Cancellation()
        cancellation.set()
        let checkpoint = Checkpoint(deadline: nil, cancellation: cancellation)
        let layout = try PixelLayout.of(3, 3, .gray8)
        #expect(throws: CodecError.interrupted(.cancelled)) {
            try FastPNG.encode(layout.pattern, as: layout, effort: effort, checkpoint: checkpoint)
        }
    }

    /// A pattern that repeats in both directions, but has no runs.
    private func drawing(_ layout: PixelLayout) -> [UInt8] {
        (0..<layout.byteCount).map { i in
            let (x, y) = (i % layout.bytesPerRow, i / layout.bytesPerRow)
            return UInt8(truncatingIfNeeded: (x % 30) * 67 ^ (y % 20) * 41 ^ (x % 30) * (y % 20))
        }
    }
}
