import Images
import Testing

@Suite("A pixel layout")
struct PixelLayoutTests {
    @Test("packs its rows", arguments: PixelFormat.allCases)
    func packsRows(format: PixelFormat) throws {
        let size = try #require(ImageSize(width: 33, height: 17))

        let layout = try #require(PixelLayout(size: size, format: format))

        #expect(layout.bytesPerRow == 33 * format.channelCount * format.bitsPerSample / 8)
        #expect(layout.byteCount == layout.bytesPerRow * 17)
        #expect(layout.byteRange(ofRow: 16).upperBound == layout.byteCount)
    }

    @Test("is refused where its bytes do not fit an Int")
    func refusesOverflow() throws {
        let size = try #require(ImageSize(width: 1 << 30, height: 1 << 30))

        #expect(PixelLayout(size: size, format: .rgba16) == nil)
        #expect(PixelLayout(size: size, format: .gray8)?.byteCount == 1 << 60)
    }

    @Test("says its size and format in a message")
    func describesItself() throws {
        let size = try #require(ImageSize(width: 640, height: 480))

        #expect(
            PixelLayout(size: size, format: .grayAlpha16)?.description == "640×480 gray+alpha16")
    }
}
