import TestSupport
import Testing

@Suite("laplacian")
struct LaplacianTests {
    @Test("is the formula in doubles, to a level", arguments: Case.all)
    func formula(_ test: Case) throws {
        for image in test.images {
            let source = ReferenceImage(image)
            let luma = source.grayed { source.luma($0, $1) }
            let expected = luma.grayed { x, y in
                let neighbours =
                    luma[x - 1, y, 0] + luma[x + 1, y, 0] + luma[x, y - 1, 0] + luma[x, y + 1, 0]
                return min(abs(4 * luma[x, y, 0] - neighbours), source.white)
            }
            expectAgreement(try filtered(image, ["laplacian"]), expected)
        }
    }
}
