import TestSupport
import Testing

@Suite("unsharp")
struct UnsharpTests {
    @Test("is the formula in doubles, to a level", arguments: Case.all, [0.7, 2, 4])
    func formula(_ test: Case, amount: Double) throws {
        for image in test.images {
            expectAgreement(
                try filtered(image, ["unsharp:1.2,amount=\(amount)"]),
                ReferenceImage(image).mixed {
                    $0.unsharpened(sigma: 1.2, amount: amount, threshold: 0)
                })
        }
    }

    @Test("leaves differences up to the threshold", arguments: Case.all)
    func threshold(_ test: Case) throws {
        let image = TestImage.flat(test.format, test.size, value: 0x4040)
        #expect(try filtered(image, ["unsharp:2,amount=5,threshold=1"]) == image)
    }
}
