import Images
import TestSupport
import Testing

@Suite("nl-means")
struct NonLocalMeansTests {
    @Test(
        "is the formula in doubles, to a level", arguments: Case.all.filter { $0.size.width < 40 })
    func formula(_ test: Case) throws {
        expectAgreement(
            try filtered(test.images[1], ["nl-means:strength=40,patch=1,search=2"]),
            ReferenceImage(test.images[1]).mixed {
                $0.nonLocalMeans(strength: 40, patch: 1, search: 2)
            })
    }

    @Test(
        "is the formula where windows are larger than the image",
        arguments: [PixelFormat.gray8, .rgba8])
    func windowLargerThanImage(format: PixelFormat) throws {
        let image = TestImage.shapes(format, try #require(ImageSize(width: 9, height: 11)))
        expectAgreement(
            try filtered(image, ["nl-means:strength=60,patch=4,search=15"]),
            ReferenceImage(image).mixed {
                $0.nonLocalMeans(strength: 60, patch: 4, search: 15)
            })
    }

    @Test("is the same in several tiles", arguments: [PixelFormat.rgb8, .gray16, .rgba16])
    func tiles(format: PixelFormat) throws {
        let image = TestImage.shapes(format, try #require(ImageSize(width: 150, height: 37)))
        expectAgreement(
            try filtered(image, ["nl-means:strength=40,patch=1,search=2"]),
            ReferenceImage(image).mixed {
                $0.nonLocalMeans(strength: 40, patch: 1, search: 2)
            })
    }
}
