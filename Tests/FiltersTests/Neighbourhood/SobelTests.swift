import TestSupport
import Testing

@Suite("sobel")
struct SobelTests {
    @Test("is the formula in doubles, to a level", arguments: Case.all)
    func formula(_ test: Case) throws {
        for image in test.images {
            expectAgreement(
                try filtered(image, ["sobel"]), ReferenceImage(image).sobelEdges())
        }
    }
}
