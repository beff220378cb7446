import Images
import TestSupport
import Testing

@Suite("bilateral")
struct BilateralTests {
    @Test("is the formula in doubles, to a level", arguments: Case.all, [(1.5, 20.0), (2.2, 90)])
    func formula(_ test: Case, sigmas: (space: Double, range: Double)) throws {
        for image in test.images {
            expectAgreement(
                try filtered(image, ["bilateral:space=\(sigmas.space),range=\(sigmas.range)"]),
                ReferenceImage(image).mixed {
                    $0.bilaterallyFiltered(space: sigmas.space, range: sigmas.range)
                })
        }
    }

    @Test(
        "is the formula where a window larger than the image has no room",
        arguments: [(PixelFormat.rgba8, 40), (.rgb16, 48), (.grayAlpha8, 80)])
    func windowLargerThanImage(format: PixelFormat, height: Int) throws {
        let image = TestImage.noise(format, try #require(ImageSize(width: 9, height: height)))
        expectAgreement(
            try filtered(image, ["bilateral:space=50,range=90"]),
            ReferenceImage(image).mixed { $0.bilaterallyFiltered(space: 50, range: 90) })
    }
}
