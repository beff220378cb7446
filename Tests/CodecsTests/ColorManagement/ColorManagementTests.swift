import Codecs
import Images
import Profiling
import TestSupport
import Testing

@Suite("Colour management")
struct ColorManagementTests {
    @Test("converts Display P3 to sRGB and forgets the profile")
    func convertsDisplayP3() throws {
        let file = try Fixture.bytes("valid/rgb8_icc_display_p3_33x17.png")
        let image = try DecodedImage(file, by: PNGCodec())
        // A saturated red of P3 is out of sRGB's gamut; gray is the same in both.
        let layout = try PixelLayout.of(2, 1, .rgb8)
        var pixels: [UInt8] = [200, 100, 50, 128, 128, 128]
        var metadata = image.report.metadata

        try convert(&pixels, layout, &metadata)

        // Computed from the primaries by the matrices of IEC 61966-2-1 and SMPTE EG 432-1.
        let expected: [UInt8] = [215, 93, 31, 128, 128, 128]
        #expect(zip(pixels, expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        #expect(metadata.iccProfile == nil)
    }

    @Test(
        "takes gAMA, cHRM and cICP for a profile", arguments: [[12, 13, 0, 1], nil] as [[UInt8]?])
    func takesColorimetry(codingPoints: [UInt8]?) throws {
        let layout = try PixelLayout.of(1, 1, .rgb8)
        var metadata = ImageMetadata()
        metadata.colorimetry.codingPoints = codingPoints
        if codingPoints == nil { metadata.colorimetry.gamma = 100_000 }
        var pixels: [UInt8] = codingPoints == nil ? [0, 55, 255] : [200, 100, 50]

        try convert(&pixels, layout, &metadata)

        // Linear light of 55 / 255 is 128 in sRGB.
        let expected: [UInt8] = codingPoints == nil ? [0, 128, 255] : [215, 93, 31]
        #expect(zip(pixels, expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        #expect(metadata == ImageMetadata())
    }

    @Test("says that it has no profile for high dynamic range, and leaves it")
    func namesHighDynamicRange() throws {
        let layout = try PixelLayout.of(1, 1, .rgb8)
        var metadata = ImageMetadata()
        metadata.colorimetry.codingPoints = [9, 16, 0, 1]
        let original = metadata
        var pixels: [UInt8] = [200, 100, 50]

        let obstacle = try convert(&pixels, layout, &metadata)

        #expect(obstacle == "the coding points 9, 16, 0, 1 (cICP) can't be converted to sRGB")
        #expect(pixels == [200, 100, 50])
        #expect(metadata == original)
    }

    @Test("leaves alpha as it is", arguments: [PixelFormat.rgba8, .rgba16])
    func leavesAlpha(format: PixelFormat) throws {
        let file = try Fixture.bytes("valid/rgb8_icc_display_p3_33x17.png")
        var metadata = try DecodedImage(file, by: PNGCodec()).report.metadata
        let layout = try PixelLayout.of(33, 17, format)
        var pixels = layout.pattern

        try convert(&pixels, layout, &metadata)

        let alphaOffset = format.bytesPerPixel - format.bytesPerSample
        for index in pixels.indices where index % format.bytesPerPixel >= alphaOffset {
            #expect(pixels[index] == layout.pattern[index])
        }
        #expect(pixels != layout.pattern)
    }

    @Test("leaves pixels without a profile as they are")
    func leavesPixelsWithoutProfile() throws {
        let layout = try PixelLayout.of(2, 1, .rgb8)
        var pixels: [UInt8] = [1, 2, 3, 4, 5, 6]
        var metadata = ImageMetadata()

        try convert(&pixels, layout, &metadata)

        #expect(pixels == [1, 2, 3, 4, 5, 6])
    }

    @Test("names a profile that can't be used")
    func namesBrokenProfile() throws {
        let layout = try PixelLayout.of(1, 1, .rgb8)
        var pixels: [UInt8] = [1, 2, 3]
        var metadata = ImageMetadata(iccProfile: MetadataBlock.profile())

        #expect(throws: CodecError.malformed(.png, "its ICC profile can't be used")) {
            try convert(&pixels, layout, &metadata)
        }
    }

    @discardableResult
    private func convert(
        _ pixels: inout [UInt8], _ layout: PixelLayout, _ metadata: inout ImageMetadata
    ) throws(CodecError) -> String? {
        var span = pixels.mutableSpan
        var bytes = unsafe span.mutableBytes
        return try ColorManagement.convertToSRGB(
            &bytes, of: layout, metadata: &metadata, of: .png, checkpoint: .none)
    }
}
