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
}
