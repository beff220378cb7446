import Codecs
import Images
import TestSupport
import Testing

@Suite("The WebP codec")
struct WebPCodecTests {
    private let codec = WebPCodec()

    @Test("keeps every bit without loss", arguments: [PixelFormat.rgb8, .rgba8])
    func keepsEveryBit(format: PixelFormat) throws {
        let layout = try PixelLayout.of(37, 23, format)

        let file = try codec.encode(
            layout.pattern, as: layout, options: EncodeOptions(isLossless: true))
        let image = try DecodedImage(file, by: codec)

        #expect(image.layout == layout)
        #expect(image.pixels == layout.pattern)
        #expect(image.report == DecodeReport())
    }

    @Test("keeps nearly every bit with loss", arguments: [PixelFormat.rgb8, .rgba8])
    func keepsNearlyEveryBit(format: PixelFormat) throws {
        let layout = try PixelLayout.of(37, 23, format)
        let pixels = (0..<layout.byteCount).map { index in
            UInt8(64 + index / layout.bytesPerRow * 4)
        }

        let file = try codec.encode(pixels, as: layout, options: EncodeOptions(quality: 95))
        let image = try DecodedImage(file, by: codec)

        #expect(image.layout == layout)
        #expect(zip(image.pixels, pixels).allSatisfy { abs(Int($0) - Int($1)) <= 6 })
    }

    @Test("asks for 8 bits of RGB")
    func asksForPixels() {
        #expect(codec.formatToEncode(.gray16) == .rgb8)
        #expect(codec.formatToEncode(.grayAlpha8) == .rgba8)
    }

    @Test("refuses to write a side over 16383 pixels")
    func refusesLargeSide() throws {
        let layout = try PixelLayout.of(16_384, 1, .rgb8)

        #expect(
            throws: CodecError.tooLargeToEncode(.webp, layout.size, largestSide: 16_383)
        ) {
            try codec.encode(layout.pattern, as: layout)
        }
    }

    @Test(
        "carries metadata, EXIF with its orientation reset",
        arguments: [true, false], [PixelFormat.rgb8, .rgba8])
    func carriesMetadata(isLossless: Bool, format: PixelFormat) throws {
        let layout = try PixelLayout.of(5, 3, format)
        let metadata = ImageMetadata(
            iccProfile: MetadataBlock.profile(byteCount: 301),
            exif: MetadataBlock.exif(orientation: 6), xmp: Array("<x:xmpmeta/>".utf8))

        let file = try codec.encode(
            layout.pattern, as: layout, metadata: metadata,
            options: EncodeOptions(isLossless: isLossless))
        let image = try DecodedImage(file, by: codec)

        #expect(image.layout == layout)
        #expect(image.report.metadata.iccProfile == metadata.iccProfile)
        #expect(image.report.metadata.exif == MetadataBlock.exif(orientation: 1))
        #expect(image.report.metadata.xmp == metadata.xmp)
    }

    @Test("takes EXIF with the signature of JPEG before it, as some writers put it")
    func takesPrefixedEXIF() throws {
        let layout = try PixelLayout.of(2, 1, .rgb8)
        let still = try codec.encode([1, 2, 3, 4, 5, 6], as: layout)
        let block = MetadataBlock.exif(orientation: 6)
        let file = riff([
            ("VP8X", [0x08, 0, 0, 0, 1, 0, 0, 0, 0, 0]), ("VP8 ", Array(still[20...])),
            ("EXIF", Array("Exif\0\0".utf8) + block),
        ])

        let image = try DecodedImage(file, by: codec)

        #expect(image.header.orientation == .rightTop)
        #expect(image.report.metadata.exif == block)
    }

    @Test("puts the first frame of an animation where it belongs")
    func placesFirstFrame() throws {
        let frame = try PixelLayout.of(2, 1, .rgb8)
        let still = try codec.encode(
            [1, 2, 3, 4, 5, 6], as: frame, options: EncodeOptions(isLossless: true))
        let file = riff([
            ("VP8X", [0x02, 0, 0, 0, 4, 0, 0, 2, 0, 0]), ("ANIM", [0, 0, 0, 0, 0, 0]),
            ("ANMF", [1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 9, 0, 0, 0] + still[12...]),
            ("ANMF", [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 9, 0, 0, 0] + still[12...]),
        ])

        let image = try DecodedImage(file, by: codec)

        var expected = [UInt8](repeating: 0, count: 5 * 3 * 4)
        expected.replaceSubrange(48..<56, with: [1, 2, 3, 255, 4, 5, 6, 255])
        #expect(image.header.frameCount == 2)
        #expect(image.pixels == expected)
        #expect(image.report.warnings == ["only the first of 2 frames is converted"])
    }

    @Test("fails wherever the file ends", arguments: [true, false])
    func failsAtTruncation(isLossless: Bool) throws {
        let layout = try PixelLayout.of(33, 17, .rgba8)
        let file = try codec.encode(
            layout.pattern, as: layout, options: EncodeOptions(isLossless: isLossless))

        for count in file.indices {
            #expect(throws: CodecError.self) { try DecodedImage(Array(file[..<count]), by: codec) }
        }
    }

    @Test("names what is wrong with the chunks", arguments: malformedFiles)
    func namesWhatIsWrong(chunks: [(String, [UInt8])], message: String) {
        let error = #expect(throws: CodecError.self) {
            try codec.probe(riff(chunks).span, limits: .default)
        }

        #expect(error?.description == message)
    }

    private static let malformedFiles: [([(String, [UInt8])], String)] = [
        ([("EXIF", [])], "the file ends at 20 bytes without an image"),
        ([("VP8 ", [1, 2, 3])], "chunk VP8 has no image header that makes sense (offset 12)"),
        ([("VP8X", [0])], "chunk VP8X has 1 bytes instead of 10 (offset 12)"),
        ([("ANMF", [0])], "chunk ANMF has 1 bytes and no image in it (offset 12)"),
    ]

    private func riff(_ chunks: [(String, [UInt8])]) -> [UInt8] {
        func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
            let length = Array(PNGBuilder.bigEndian(UInt32(content.count)).reversed())
            return Array(name.utf8) + length + content + (content.count % 2 == 1 ? [0] : [])
        }
        return chunk("RIFF", Array("WEBP".utf8) + chunks.flatMap { chunk($0.0, $0.1) })
    }
}
