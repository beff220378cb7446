import Images
import TestSupport
import Testing

@Suite("gaussian-blur")
struct GaussianBlurTests {
    @Test("is the formula in doubles, to a level", arguments: Case.all, [0.1, 0.8, 2.3, 5, 6])
    func formula(_ test: Case, sigma: Double) throws {
        for image in test.images {
            expectAgreement(
                try filtered(image, ["gaussian-blur:\(sigma)"]),
                ReferenceImage(image).mixed { $0.gaussianBlurred(sigma: sigma) })
        }
    }

    @Test(
        "leaves everything as it is where neighbours count nothing",
        arguments: [1e-300, 1e-9, 0.05])
    func tinySigma(sigma: Double) throws {
        let image = TestImage.noise(.rgb8, ImageSize.odd[3], seed: 1)
        #expect(try filtered(image, ["gaussian-blur:\(sigma)"]) == image)
    }

    @Test(
        "leaves flat areas exactly as they are",
        arguments: [0, 1, 77, 128, 254, 255] as [UInt16], [3.3, 5, 6, 9.7])
    func flat(value: UInt16, sigma: Double) throws {
        let image = TestImage.flat(.rgb8, ImageSize.odd[3], value: value << 8)
        #expect(try filtered(image, ["gaussian-blur:\(sigma)"]) == image)
    }
}
