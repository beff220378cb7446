import Codecs
import Images
import TestSupport
import Testing

@Suite("The PNG codec")
struct PNGCodecTests {
    private let codec = PNGCodec()

    @Test("reads what it wrote", arguments: PixelFormat.allCases, EncodeOptions.PNGEffort.allCases)
    func readsWhatItWrote(format: PixelFormat, effort: EncodeOptions.PNGEffort) throws {
        let layout = try PixelLayout.of(37, 23, format)

        let file = try codec.encode(
            layout.pattern, as: layout, options: EncodeOptions(pngEffort: effort))
        let image = try DecodedImage(file, by: codec)

        #expect(image.layout == layout)
        #expect(image.pixels == layout.pattern)
        #expect(image.report == DecodeReport())
    }

    @Test("spreads 1, 2 and 4 bits of gray over 8", arguments: [(1, 255), (2, 85), (4, 17)])
    func spreadsGray(bitDepth: Int, factor: Int) throws {
        let file = PNGBuilder.header(width: 2, height: 1, colorType: 0, bitDepth: UInt8(bitDepth))
            .image(rows: [[1 << (8 - 2 * UInt8(bitDepth))]])

        let image = try DecodedImage(file, by: codec)

        #expect(image.layout.format == .gray8)
        #expect(image.pixels == [0, UInt8(factor)])
    }

    @Test("gives 16-bit samples in the order of the machine")
    func swaps16Bits() throws {
        let file = PNGBuilder.header(width: 2, height: 1, colorType: 0, bitDepth: 16)
            .image(rows: [[0x12, 0x34, 0xAB, 0xCD]])

        #expect(try DecodedImage(file, by: codec).samples16 == [0x1234, 0xABCD])
    }

    @Test("makes one colour transparent")
    func appliesColorKey() throws {
        let file = PNGBuilder.header(width: 2, height: 1, colorType: 2)
            .adding("tRNS", [0, 4, 0, 5, 0, 6])
            .image(rows: [[1, 2, 3, 4, 5, 6]])

        let image = try DecodedImage(file, by: codec)

        #expect(image.layout.format == .rgba8)
        #expect(image.pixels == [1, 2, 3, 255, 4, 5, 6, 0])
    }

    @Test("scales the transparent gray with the pixels (clause 11.3.1.1)")
    func scalesGrayKey() throws {
        let file = PNGBuilder.header(width: 2, height: 1, colorType: 0, bitDepth: 4)
            .adding("tRNS", [0, 7]).image(rows: [[0x17]])

        #expect(try DecodedImage(file, by: codec).pixels == [17, 255, 119, 0])
    }

    @Test("replaces palette indices by colours, and by alpha where there is some")
    func replacesIndices() throws {
        let file = PNGBuilder.header(width: 3, height: 1, colorType: 3, bitDepth: 2)
            .adding("PLTE", [1, 2, 3, 4, 5, 6, 7, 8, 9]).adding("tRNS", [0x80])
            .image(rows: [[0b0001_1000]])

        let image = try DecodedImage(file, by: codec)

        #expect(image.layout.format == .rgba8)
        #expect(image.pixels == [1, 2, 3, 0x80, 4, 5, 6, 255, 7, 8, 9, 255])
    }

    @Test("makes an index without colour black")
    func replacesIndexOutOfRange() throws {
        let file = PNGBuilder.header(width: 2, height: 1, colorType: 3, bitDepth: 4)
            .adding("PLTE", [9, 9, 9]).image(rows: [[0x0F]])

        #expect(try DecodedImage(file, by: codec).pixels == [9, 9, 9, 0, 0, 0])
    }

    @Test("decodes image data in 50,000 chunks of one byte")
    func decodesTinyChunks() throws {
        let row = (0..<50_000).map { UInt8(truncatingIfNeeded: $0) }
        var file = PNGBuilder.header(width: row.count, height: 1, colorType: 0)
        for byte in PNGBuilder.stream(ofRows: [row]) { file.add("IDAT", [byte]) }

        #expect(try DecodedImage(file.adding("IEND").bytes, by: codec).pixels == row)
    }

    @Test("says how many frames of an animation are left")
    func decodesFirstFrame() throws {
        let file = PNGBuilder.header(width: 1, height: 1, colorType: 0)
            .adding("acTL", [0, 0, 0, 3, 0, 0, 0, 0]).image(rows: [[5]])

        let image = try DecodedImage(file, by: codec)

        #expect(image.header.frameCount == 3)
        #expect(image.report.warnings == ["only the first of 3 frames is converted"])
    }

    @Test("has few warnings, whatever is wrong")
    func boundsWarnings() throws {
        var file = PNGBuilder.header(width: 1, height: 1, colorType: 0)
        for _ in 0..<1000 { file.add("gAMA", [0, 0, 0, 0]) }

        let image = try DecodedImage(file.image(rows: [[5]]), by: codec)

        #expect(image.report.warnings.count == 8)
    }

    @Test("refuses more pixels than allowed before it looks for pixels")
    func refusesTooManyPixels() throws {
        let file = PNGBuilder.header(width: 60_000, height: 60_000, colorType: 6, bitDepth: 16)
            .adding("IDAT").bytes
        let size = try #require(ImageSize(width: 60_000, height: 60_000))

        #expect(throws: CodecError.pixelLimitExceeded(size, limit: 268_402_689)) {
            try codec.probe(file.span, limits: .default)
        }
    }

    @Test("has all pixels or fails, wherever the file ends")
    func survivesTruncation() throws {
        let layout = try PixelLayout.of(11, 7, .rgb8)
        let file = try codec.encode(layout.pattern, as: layout)

        for count in file.indices {
            guard let image = try? DecodedImage(Array(file[..<count]), by: codec) else { continue }
            #expect(image.pixels == layout.pattern)
            // Without the checksum of IEND nothing is missing that could be.
            #expect(!image.report.warnings.isEmpty || count >= file.count - 4)
        }
    }

    @Test("survives any changed byte")
    func survivesChangedBytes() throws {
        let layout = try PixelLayout.of(11, 7, .rgba8)
        let profile = MetadataBlock.profile()
        let file = try codec.encode(
            layout.pattern, as: layout,
            metadata: ImageMetadata(
                iccProfile: profile, exif: MetadataBlock.exif(orientation: 6), xmp: [0x3C]))

        for index in file.indices {
            var changed = file
            changed[index] ^= 0x55
            if let image = try? DecodedImage(changed, by: codec) {
                #expect(image.pixels == layout.pattern)
            }
        }
    }
}
