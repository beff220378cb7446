import Images
import Synchronization
import TestSupport
import Testing

@testable import Codecs
@testable import Profiling

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

    @Test(
        "divides large images into bands, and libpng reads the same pixels",
        arguments: EncodeOptions.PNGEffort.allCases, [59, 60, 61, 119, 120, 121])
    func bands(effort: EncodeOptions.PNGEffort, height: Int) throws {
        var generator = SeededGenerator(seed: 2)
        for format in [PixelFormat.gray8, .rgba8, .rgb16] {
            let layout = try PixelLayout.of(20, height, format)
            // Bands of 60 rows of what is not reduced.
            let limit = 60 * (layout.bytesPerRow + 1)
            for pixels in [
                generator.bytes(layout.byteCount), noise(layout.byteCount), drawing(layout),
                [UInt8](repeating: 8, count: layout.byteCount),
            ] {
                let file = try FastPNG.encode(
                    pixels, as: layout, effort: effort, bandLimit: limit)

                let stored = try #require(try FastPNG.decode(file))
                #expect(try stored.pixels == FastPNG.decodeByLibPNG(file))
                let widened = FastPNG.convert(
                    stored.pixels, from: stored.layout.format, to: format)
                #expect(widened == pixels, "\(layout)")
            }
        }
    }

    @Test("chooses the compression of each band by what is in it")
    func mixedBands() throws {
        let half = try PixelLayout.of(400, 300, .rgb8)
        let layout = try PixelLayout.of(400, 600, .rgb8)
        var generator = SeededGenerator(seed: 1)
        let pixels = generator.bytes(half.byteCount) + drawing(half)
        let limit = 300 * (half.bytesPerRow + 1)

        let file = try FastPNG.encode(pixels, as: layout, effort: .fast, bandLimit: limit)

        #expect(try FastPNG.decode(file)?.pixels == pixels)
        #expect(try FastPNG.decodeByLibPNG(file) == pixels)
        let parts = try [Array(pixels.prefix(half.byteCount)), drawing(half)].map {
            try FastPNG.encode($0, as: half, effort: .fast).count
        }
        // The filter of the second half's first row may look at another row above.
        #expect(abs(file.count - parts[0] - parts[1]) < 1000)
    }

    @Test("divides a row that is larger than a band")
    func wideRow() throws {
        let layout = try PixelLayout.of(3000, 2, .rgb8)
        let pixels = noise(layout.byteCount)
        for effort in EncodeOptions.PNGEffort.allCases {
            let file = try FastPNG.encode(pixels, as: layout, effort: effort, bandLimit: 500)
            #expect(try FastPNG.decodeByLibPNG(file) == pixels)
        }
    }

    @Test(
        "compresses with the effort's level from 256 KiB of filtered rows on",
        arguments: [(262_142, 0x01), (262_143, 0x5E)] as [(Int, UInt8)])
    func threshold(width: Int, expected: UInt8) throws {
        let layout = try PixelLayout.of(width, 1, .gray8)
        let file = try FastPNG.encode(drawing(layout), as: layout, effort: .balanced)
        let data = try #require(
            file.indices.first { file[$0...].starts(with: Array("IDAT".utf8)) })
        // Behind the chunk's type are deflate with its window, and how much was tried.
        #expect(file[data + 4] == 0x78)
        #expect(file[data + 5] == expected)
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
                    group.addTask {
                        try FastPNG.encode(pixels, as: layout, effort: effort, bandLimit: 2000)
                    }
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(files.count <= EncodeOptions.PNGEffort.allCases.count)
    }

    @Test("stops where the checkpoint says so", arguments: EncodeOptions.PNGEffort.allCases)
    func stops(effort: EncodeOptions.PNGEffort) throws {
        let layout = try PixelLayout.of(3, 3, .gray8)
        #expect(throws: CodecError.interrupted(.cancelled)) {
            try FastPNG.encode(layout.pattern, as: layout, effort: effort, checkpoint: .cancelled)
        }
    }

    @Test(
        "stops at whichever check says so, and leaves nothing for the next image",
        arguments: EncodeOptions.PNGEffort.allCases)
    func stopsAnywhere(effort: EncodeOptions.PNGEffort) throws {
        let layout = try PixelLayout.of(30, 40, .rgba8)
        let pixels = layout.pattern
        /// Encodes in bands of 8 rows, and gives the number of checks.
        func encode(stoppingAt last: Int) throws -> (file: [UInt8]?, checkCount: Int) {
            let checks = Mutex(0)
            let checkpoint = Checkpoint(asking: {
                checks.withLock { count in
                    count += 1
                    return count == last ? .deadlinePassed : nil
                }
            })
            var file: [UInt8]?
            do {
                file = try FastPNG.encode(
                    pixels, as: layout, effort: effort, checkpoint: checkpoint,
                    bandLimit: 8 * (layout.bytesPerRow + 1))
            } catch {
                #expect(error as? CodecError == .interrupted(.deadlinePassed))
            }
            return (file, checks.withLock { $0 })
        }
        let whole = try encode(stoppingAt: .max)
        #expect(whole.checkCount >= 5 + 3)
        for last in 1...whole.checkCount {
            let stopped = try encode(stoppingAt: last)
            #expect(stopped.file == nil && stopped.checkCount == last)
        }
        #expect(try encode(stoppingAt: .max).file == whole.file)
    }

    @Test("asks between the bands of 4 MiB that the effort small takes")
    func checksOfSmall() throws {
        /// The checks of an image of so many rows of 1 MiB, of which one comes with row 0.
        func checkCount(_ height: Int) throws -> Int {
            let layout = try PixelLayout.of((1 << 20) - 1, height, .gray8)
            let checks = Mutex(0)
            let checkpoint = Checkpoint(asking: {
                checks.withLock { $0 += 1 }
                return nil
            })
            let pixels = (0..<layout.byteCount).map { UInt8(truncatingIfNeeded: $0) }
            _ = try FastPNG.encode(pixels, as: layout, effort: .small, checkpoint: checkpoint)
            return checks.withLock { $0 }
        }
        #expect(try checkCount(5) > checkCount(4))
    }

    private func noise(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: 6)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// A pattern that repeats in both directions, but has no runs.
    private func drawing(_ layout: PixelLayout) -> [UInt8] {
        (0..<layout.byteCount).map { i in
            let (x, y) = (i % layout.bytesPerRow, i / layout.bytesPerRow)
            return UInt8(truncatingIfNeeded: (x % 30) * 67 ^ (y % 20) * 41 ^ (x % 30) * (y % 20))
        }
    }
}
