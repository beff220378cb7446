import Filters
import Images
import TestSupport
import Testing

@Suite("pad")
struct PadTests {
    @Test("puts the image on the canvas exactly", arguments: PixelFormat.allCases)
    func exact(format: PixelFormat) throws {
        let image = TestImage.noise(format, ImageSize.odd[3])
        let source = ReferenceImage(image)
        let expected = ReferenceImage(
            width: 40, height: 20, channelCount: source.channelCount, white: source.white
        ) { x, y, channel in
            let isInside = x >= 7 && y >= 3
            return isInside ? source[x - 7, y - 3, channel] : source.hasAlpha ? 0 : source.white
        }
        expectAgreement(
            try filtered(image, ["pad:40x20,gravity=southeast"]), expected, levels: 0)
    }

    @Test("takes the colour that is asked for")
    func color() throws {
        let image = TestImage.flat(.rgba8, ImageSize.odd[0], value: 0x0900)
        let result = try filtered(image, ["pad:2x1,gravity=west,color=#10203040"])
        #expect(result.samples == [9, 9, 9, 9, 0x10, 0x20, 0x30, 0x40])
    }

    @Test("refuses a canvas that is too small, with both sizes")
    func tooSmall() throws {
        let image = TestImage.noise(.rgb8, ImageSize.odd[3])
        #expect(
            throws: FilterError.outsideImage(
                filter: "pad", region: "an image of 33×17", size: "40×16")
        ) { try filtered(image, ["pad:40x16"]) }
    }
}
