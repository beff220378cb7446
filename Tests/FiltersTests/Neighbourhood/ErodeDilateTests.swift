import TestSupport
import Testing

@Suite("erode and dilate")
struct ErodeDilateTests {
    @Test(
        "are exactly the least and the greatest of the window", arguments: Case.all, [1, 3, 8, 40])
    func extremes(_ test: Case, radius: Int) throws {
        let image = test.images[0]
        let source = ReferenceImage(image)
        expectAgreement(
            try filtered(image, ["erode:\(radius)"]), source.eroded(radius: radius), levels: 0)
        expectAgreement(
            try filtered(image, ["dilate:\(radius)"]), source.dilated(radius: radius), levels: 0)
    }
}
