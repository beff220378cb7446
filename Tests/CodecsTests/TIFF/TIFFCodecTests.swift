import Codecs
import Images
import TestSupport
import Testing

@Suite("The TIFF codec")
struct TIFFCodecTests {
    private let codec = TIFFCodec()

    @Test("reads what it wrote", arguments: PixelFormat.allCases)
    func readsWhatItWrote(format: PixelFormat) throws {
        let layout = try PixelLayout.of(37, 23, format)

        let image = try DecodedImage(codec.encode(layout.pattern, as: layout), by: codec)

        #expect(image.layout == layout)
        #expect(image.pixels == layout.pattern)
        #expect(image.report == DecodeReport())
    }

    @Test("carries the profile, the XMP packet and what EXIF says besides the orientation")
    func carriesMetadata() throws {
        let layout = try PixelLayout.of(2, 2, .rgb16)
        let metadata = ImageMetadata(
            iccProfile: MetadataBlock.profile(), exif: MetadataBlock.exif(orientation: 6),
            xmp: Array("<x:xmpmeta/>".utf8))

        let file = try codec.encode(layout.pattern, as: layout, metadata: metadata)

        let image = try DecodedImage(file, by: codec)
        var expected = metadata
        // The maker "A" alone.
        expected.exif =
            Array("II*\0".utf8) + [8, 0, 0, 0, 1, 0]
            + [0x0F, 0x01, 2, 0, 2, 0, 0, 0, 0x41, 0, 0, 0] + [0, 0, 0, 0]
        #expect(image.report == DecodeReport(metadata: expected))
        #expect(image.header.orientation == .topLeft)
        #expect(image.pixels == layout.pattern)
    }

    @Test("names a profile that is too large")
    func namesLargeProfile() throws {
        let layout = try PixelLayout.of(2, 2, .rgb8)
        let file = try codec.encode(
            layout.pattern, as: layout,
            metadata: ImageMetadata(iccProfile: MetadataBlock.profile(byteCount: (4 << 20) + 1)))

        #expect(
            try DecodedImage(file, by: codec).report
                == DecodeReport(warnings: [
                    "the ICC profile has 4194305 bytes, 4194304 are allowed; it is ignored"
                ]))
    }

    @Test(
        "spreads 1, 2 and 4 bits of gray over 8",
        arguments: [(1, [255, 0]), (2, [170, 85]), (4, [170, 85])] as [(UInt16, [UInt8])])
    func spreadsGray(bitDepth: UInt16, expected: [UInt8]) throws {
        let file = TIFFBuilder(
            width: 2, height: 1,
            pixels: [bitDepth == 1 ? 0b1000_0000 : bitDepth == 2 ? 0b1001_0000 : 0xA5]
        ).setting(.bitsPerSample, [bitDepth])

        #expect(try DecodedImage(file.bytes, by: codec).pixels == expected)
    }

    @Test("makes zero black where it is white")
    func invertsGray() throws {
        let file = TIFFBuilder(width: 2, height: 1, pixels: [0, 200]).setting(.photometric, [0])

        #expect(try DecodedImage(file.bytes, by: codec).pixels == [255, 55])
    }

    @Test("replaces indices by the high bytes of their colours")
    func replacesIndices() throws {
        var map = [UInt16](repeating: 0, count: 3 * 16)
        (map[10], map[16 + 10], map[32 + 10]) = (0x1234, 0x5678, 0x9ABC)
        let file = TIFFBuilder(width: 2, height: 1, pixels: [0xA0])
            .setting(.bitsPerSample, [4]).setting(.photometric, [3]).setting(.colorMap, map)

        #expect(try DecodedImage(file.bytes, by: codec).pixels == [0x12, 0x56, 0x9A, 0, 0, 0])
    }

    @Test("divides colours by alpha where they were multiplied")
    func dividesByAlpha() throws {
        let file = TIFFBuilder(width: 3, height: 1, pixels: [50, 100, 0, 0, 99, 255])
            .setting(.bitsPerSample, [8, 8]).setting(.samplesPerPixel, [2])
            .setting(.extraSamples, [1])

        let image = try DecodedImage(file.bytes, by: codec)

        #expect(image.layout.format == .grayAlpha8)
        #expect(image.pixels == [128, 100, 0, 0, 99, 255])
    }

    @Test("leaves straight alpha as it is, and samples of unknown meaning out")
    func readsExtraSamples() throws {
        let file = TIFFBuilder(width: 1, height: 1, pixels: [1, 2, 3, 4])
            .setting(.bitsPerSample, [8, 8, 8, 8]).setting(.samplesPerPixel, [4])
            .setting(.photometric, [2])

        let straight = try DecodedImage(file.setting(.extraSamples, [2]).bytes, by: codec)
        let unknown = try DecodedImage(file.setting(.extraSamples, [0]).bytes, by: codec)

        #expect(straight.pixels == [1, 2, 3, 4])
        #expect(unknown.pixels == [1, 2, 3])
    }

    @Test("puts planes together")
    func joinsPlanes() throws {
        let file = TIFFBuilder(width: 2, height: 1, blocks: [[1, 2], [3, 4], [5, 6]])
            .setting(.bitsPerSample, [8, 8, 8]).setting(.samplesPerPixel, [3])
            .setting(.photometric, [2]).setting(.planarConfiguration, [2])

        #expect(try DecodedImage(file.bytes, by: codec).pixels == [1, 3, 5, 2, 4, 6])
    }

    @Test("takes the first plane of what has one channel", arguments: pagesOfTwoPlanes)
    func takesFirstPlane(file: TIFFBuilder, expected: [UInt8]) throws {
        let page = file.setting(.samplesPerPixel, [2]).setting(.planarConfiguration, [2])

        #expect(try DecodedImage(page.bytes, by: codec).pixels == expected)
    }

    private static var pagesOfTwoPlanes: [(TIFFBuilder, [UInt8])] {
        var map = [UInt16](repeating: 0, count: 3 * 256)
        (map[1], map[256 + 2]) = (0xFF00, 0x8000)
        return [
            (
                TIFFBuilder(width: 9, height: 1, blocks: [[0b1010_0000, 0b1000_0000], [9, 9]])
                    .setting(.bitsPerSample, [1, 1]),
                [255, 0, 255, 0, 0, 0, 0, 0, 255]
            ),
            (
                TIFFBuilder(width: 2, height: 1, blocks: [[1, 2], [9, 9]])
                    .setting(.bitsPerSample, [8, 8]).setting(.photometric, [3])
                    .setting(.colorMap, map),
                [255, 0, 0, 0, 128, 0]
            ),
        ]
    }

    @Test("puts tiles together, without what lies beyond the image")
    func joinsTiles() throws {
        // Tiles of 16×16 with the even part of x + 16 · y, plus 1 in the second one.
        let tile = (0..<256).map { UInt8($0 & 0xFE) }
        let file = TIFFBuilder(width: 18, height: 3, blocks: [tile, tile.map { $0 + 1 }])
            .setting(.tileWidth, [16]).setting(.tileHeight, [16])

        let image = try DecodedImage(file.bytes, by: codec)

        let expected = (0..<3).flatMap { (y: Int) -> [UInt8] in
            let stored = tile[16 * y..<16 * (y + 1)]
            return stored + stored.prefix(2).map { $0 + 1 }
        }
        #expect(image.pixels == expected)
    }

    @Test("turns ink into light")
    func turnsInkIntoLight() throws {
        let file = TIFFBuilder(width: 1, height: 1, pixels: [0, 127, 255, 127])
            .setting(.bitsPerSample, [8, 8, 8, 8]).setting(.samplesPerPixel, [4])
            .setting(.photometric, [5])

        #expect(try DecodedImage(file.bytes, by: codec).pixels == [128, 64, 0])
    }

    @Test("tells the orientation")
    func tellsOrientation() throws {
        let file = TIFFBuilder(width: 2, height: 1, pixels: [1, 2]).setting(.orientation, [6])

        #expect(try codec.probe(file.bytes.span, limits: .default).orientation == .rightTop)
    }

    @Test("names what it does not read", arguments: unreadableFiles)
    func namesWhatItDoesNotRead(file: TIFFBuilder, message: String) {
        let error = #expect(throws: CodecError.self) { try DecodedImage(file.bytes, by: codec) }

        #expect(error?.description == message)
    }

    private static var unreadableFiles: [(TIFFBuilder, String)] {
        let gray = TIFFBuilder(width: 2, height: 2, pixels: [1, 2, 3, 4])
        return [
            (gray.setting(.sampleFormat, [3]), "sample format 3 is not supported in tiff"),
            (
                gray.setting(.photometric, [8]),
                "photometric interpretation 8 is not supported in tiff"
            ),
            (
                gray.setting(.bitsPerSample, [32]),
                "32 bits a sample with photometric 1 is not supported in tiff"
            ),
            (
                gray.setting(.photometric, [2]),
                "a pixel has 1 samples, its colour needs 3"
            ),
            (
                gray.setting(.photometric, [3]).setting(.bitsPerSample, [4]),
                #"TIFF directory is missing required "Colormap" field"#
            ),
        ]
    }

    @Test("refuses more pixels than allowed")
    func refusesTooManyPixels() throws {
        let file = TIFFBuilder(width: 60_000, height: 60_000, pixels: [])
        let size = try #require(ImageSize(width: 60_000, height: 60_000))

        #expect(throws: CodecError.pixelLimitExceeded(size, limit: 268_402_689)) {
            try codec.probe(file.bytes.span, limits: .default)
        }
    }

    @Test("fails wherever the file ends, and survives any changed byte")
    func survivesDamage() throws {
        let layout = try PixelLayout.of(9, 5, .rgba8)
        let file = try codec.encode(layout.pattern, as: layout)

        for index in file.indices {
            #expect(throws: CodecError.self) { try DecodedImage(Array(file[..<index]), by: codec) }
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var changed = file
                changed[index] ^= mask
                _ = try? DecodedImage(changed, by: codec)
            }
        }
    }
}
