import Images
import Testing

@Suite("A pixel format")
struct PixelFormatTests {
    @Test("is found by its channels and depth", arguments: PixelFormat.allCases)
    func isFound(format: PixelFormat) {
        #expect(
            PixelFormat(channelCount: format.channelCount, bitsPerSample: format.bitsPerSample)
                == format)
    }

    @Test("is not found for other channels and depths", arguments: [(0, 8), (5, 8), (3, 12)])
    func isNotFound(channelCount: Int, bitsPerSample: Int) {
        #expect(PixelFormat(channelCount: channelCount, bitsPerSample: bitsPerSample) == nil)
    }

    @Test("has relatives that differ in one property")
    func hasRelatives() {
        #expect(PixelFormat.rgba16.withoutAlpha == .rgb16)
        #expect(PixelFormat.grayAlpha8.withoutAlpha == .gray8)
        #expect(PixelFormat.rgba16.withoutColor == .grayAlpha16)
        #expect(PixelFormat.rgb8.withoutColor == .gray8)
        #expect(PixelFormat.rgb16.at8Bits == .rgb8)
        #expect(PixelFormat.grayAlpha8.at16Bits == .grayAlpha16)
    }
}
