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
}
