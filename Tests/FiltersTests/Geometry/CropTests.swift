import Filters
import Images
import TestSupport
import Testing

@Suite("crop")
struct CropTests {
    @Test(
        "copies the rectangle exactly",
        arguments: PixelFormat.allCases,
        [
            ("crop:5x3+20+7", 20, 7), ("crop:5x3,gravity=southeast", 28, 14), ("crop:5x3", 14, 7),
            ("crop:5x3+28+14", 28, 14),
        ])
    func exact(format: PixelFormat, place: (specification: String, left: Int, top: Int)) throws {
        let image = TestImage.noise(format, ImageSize.odd[3])
        let source = ReferenceImage(image)
        let expected = ReferenceImage(
            width: 5, height: 3, channelCount: source.channelCount, white: source.white
        ) { source[$0 + place.left, $1 + place.top, $2] }
        expectAgreement(try filtered(image, [place.specification]), expected, levels: 0)
    }

    @Test("says both sizes where the rectangle is not inside")
    func outside() throws {
        let image = TestImage.noise(.rgb8, ImageSize.odd[3])
        #expect(
            throws: FilterError.outsideImage(
                filter: "crop", region: "30×10+4+0", size: "33×17")
        ) { try filtered(image, ["crop:30x10+4+0"]) }
    }
}
