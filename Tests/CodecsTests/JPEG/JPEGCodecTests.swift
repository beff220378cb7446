import Codecs
import Images
import TestSupport
import Testing

@Suite("The JPEG codec")
struct JPEGCodecTests {
    private let codec = JPEGCodec()

    @Test(
        "reads what it wrote, nearly", arguments: [PixelFormat.gray8, .rgb8],
        EncodeOptions.ChromaSubsampling.allCases)
    func readsWhatItWrote(format: PixelFormat, chroma: EncodeOptions.ChromaSubsampling) throws {
        let layout = try PixelLayout.of(37, 23, format)
        let pixels = (0..<layout.byteCount).map { UInt8($0 / layout.bytesPerRow * 10) }

        let file = try codec.encode(
            pixels, as: layout, options: EncodeOptions(quality: 95, chroma: chroma))
        let image = try DecodedImage(file, by: codec)

        #expect(image.layout == layout)
        #expect(zip(image.pixels, pixels).allSatisfy { abs(Int($0) - Int($1)) <= 3 })
        #expect(image.report == DecodeReport())
    }

    @Test("decodes gray as it is stored")
    func decodesGray() throws {
        let image = try DecodedImage(JPEGBuilder.image([[7], [200]]), by: codec)

        #expect(image.layout.format == .gray8)
        #expect(Array(image.pixels[6...9]) == [7, 7, 200, 200])
    }

    @Test("takes ink as Adobe stores it: 255 less the amount, times the light that black leaves")
    func decodesInk() throws {
        let image = try DecodedImage(JPEGBuilder.image([[255, 128, 0, 128]]), by: codec)

        #expect(image.layout.format == .rgb8)
        #expect(Array(image.pixels[..<3]) == [128, 64, 0])
    }

    @Test(
        "divides the sides, rounded up",
        arguments: [(1, 37, 23), (2, 19, 12), (4, 10, 6), (8, 5, 3)])
    func shrinks(shrink: Int, width: Int, height: Int) throws {
        let layout = try PixelLayout.of(37, 23, .rgb8)
        let gray = [UInt8](repeating: 77, count: layout.byteCount)

        let file = try codec.encode(gray, as: layout)
        let image = try DecodedImage(file, by: codec, shrunkBy: shrink)

        #expect(image.header.shrinks == [1, 2, 4, 8])
        #expect(try image.layout == .of(width, height, .rgb8))
        #expect(image.pixels.allSatisfy { $0 == 77 })
    }

    @Test("writes fewer bytes at lower quality and with half the colour")
    func obeysOptions() throws {
        let layout = try PixelLayout.of(64, 64, .rgb8)
        func byteCount(_ options: EncodeOptions) throws -> Int {
            try codec.encode(layout.pattern, as: layout, options: options).count
        }

        let full = try byteCount(EncodeOptions(quality: 90, chroma: .full))
        let halved = try byteCount(EncodeOptions(quality: 90, chroma: .halved))
        let coarse = try byteCount(EncodeOptions(quality: 30, chroma: .halved))

        #expect(full > halved)
        #expect(halved > coarse)
    }

    @Test("writes the same pixels in several scans")
    func writesScans() throws {
        let layout = try PixelLayout.of(64, 64, .rgb8)

        let single = try codec.encode(layout.pattern, as: layout)
        let several = try codec.encode(
            layout.pattern, as: layout, options: EncodeOptions(isProgressive: true))

        #expect(single != several)
        #expect(
            try DecodedImage(single, by: codec).pixels == DecodedImage(several, by: codec).pixels)
    }

    @Test("takes a quality out of range as the nearest", arguments: [(-5, 1), (900, 100)])
    func clampsQuality(quality: Int, nearest: Int) throws {
        let layout = try PixelLayout.of(8, 8, .rgb8)

        let file = try codec.encode(
            layout.pattern, as: layout, options: EncodeOptions(quality: quality))

        #expect(
            try file
                == codec.encode(
                    layout.pattern, as: layout, options: EncodeOptions(quality: nearest)))
    }

    @Test("asks for pixels without alpha and of 8 bits")
    func asksForPixels() {
        #expect(codec.formatToEncode(.rgba16) == .rgb8)
        #expect(codec.formatToEncode(.grayAlpha8) == .gray8)
    }

    @Test("refuses to write a side over 65500 pixels")
    func refusesLargeSide() throws {
        let layout = try PixelLayout.of(65_501, 1, .gray8)

        #expect(
            throws: CodecError.tooLargeToEncode(.jpeg, layout.size, largestSide: 65_500)
        ) {
            try codec.encode(layout.pattern, as: layout)
        }
    }

    @Test("stops at the 501st scan")
    func limitsScans() throws {
        func file(scanCount: Int) -> [UInt8] {
            var file = JPEGBuilder().addingTables()
                .addingFrame(0xC2, width: 8, height: 8, componentCount: 1)
            for _ in 0..<scanCount { file = file.addingScan([[9]], isProgressive: true) }
            return file.adding(bytes: [0xFF, 0xD9]).bytes
        }

        #expect(try DecodedImage(file(scanCount: 500), by: codec).pixels[0] == 9)
        #expect(throws: CodecError.malformed(.jpeg, "it has more than 500 scans")) {
            try DecodedImage(file(scanCount: 501), by: codec)
        }
    }

    @Test("fails wherever the file ends before its last pixels")
    func failsAtTruncation() throws {
        let layout = try PixelLayout.of(33, 17, .rgb8)
        let file = try codec.encode(layout.pattern, as: layout)

        for count in 0..<file.count - 2 {
            #expect(throws: CodecError.self) { try DecodedImage(Array(file[..<count]), by: codec) }
        }
    }

    @Test("tells of bytes that belong to no marker")
    func warnsOfGarbage() throws {
        let file = JPEGBuilder.image([[1]])
        let marked = Array(file[..<2]) + [1, 2, 3] + Array(file[2...])

        let image = try DecodedImage(marked, by: codec)

        #expect(
            image.report.warnings == ["corrupt JPEG data: 3 extraneous bytes before marker 0xdb"])
    }
}
