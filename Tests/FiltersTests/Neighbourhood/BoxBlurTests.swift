import Images
import TestSupport
import Testing

@Suite("box-blur")
struct BoxBlurTests {
    @Test("is the mean of the window, to a level", arguments: Case.all, [1, 4, 20])
    func formula(_ test: Case, radius: Int) throws {
        for image in test.images {
            expectAgreement(
                try filtered(image, ["box-blur:\(radius)"]),
                ReferenceImage(image).mixed { $0.boxBlurred(radius: radius) })
        }
    }

    @Test("leaves the image as it is for a radius of 0", arguments: Case.all)
    func nothing(_ test: Case) throws {
        #expect(try filtered(test.images[0], ["box-blur:0"]) == test.images[0])
    }

    @Test(
        "is the mean where rows are about as long as what is summed together, or much longer",
        arguments: PixelFormat.allCases, [15, 16, 17, 31, 130])
    func lengths(format: PixelFormat, width: Int) throws {
        let image = TestImage.noise(format, try #require(ImageSize(width: width, height: 6)))
        for radius in [1, 7, 8, 63, 64, 100] {
            expectAgreement(
                try filtered(image, ["box-blur:\(radius)"]),
                ReferenceImage(image).mixed { $0.boxBlurred(radius: radius) })
        }
    }
}
