import Filters
import Images
import TestSupport
import Testing

@Suite("convolve and emboss")
struct ConvolveTests {
    @Test("correlate with the kernel, to a level", arguments: Case.all)
    func formula(_ test: Case) throws {
        let kernel: [[Double]] = [[1, 2, 0, -1, 3]]
        let embossing: [[Double]] = [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]
        for image in test.images {
            expectAgreement(
                try filtered(image, ["convolve:1 2 0 -1 3"]),
                ReferenceImage(image).mixed { $0.correlated(kernel).mapped(scaledBy: 0.2) })
            expectAgreement(
                try filtered(image, ["emboss"]),
                ReferenceImage(image).mixed { $0.correlated(embossing) })
        }
    }

    @Test(
        "correlate where the rows that a high kernel reaches have no room",
        arguments: [PixelFormat.rgba8, .rgba16])
    func highKernel(format: PixelFormat) throws {
        let weights = (0..<61).map { $0 * $0 % 11 }
        let image = TestImage.noise(format, try #require(ImageSize(width: 1500, height: 50)))
        let specification = "convolve:" + weights.map { "\($0)" }.joined(separator: " / ")
        let scale = 1 / Double(weights.reduce(0, +))
        expectAgreement(
            try filtered(image, [specification]),
            ReferenceImage(image).mixed {
                $0.correlated(weights.map { [Double($0)] }).mapped(scaledBy: scale)
            })
    }

    @Test("adds the bias and divides by the divisor")
    func bias() throws {
        let image = TestImage.flat(.gray8, ImageSize.odd[3], value: 40 << 8)
        let result = try filtered(image, ["convolve:1 0 -1 / 2 1 -2 / 1 0 -1,divisor=2,bias=0.5"])
        #expect(result.samples.allSatisfy { $0 == 148 })
    }

    @Test("survive the largest weights", arguments: Case.all)
    func extremes(_ test: Case) throws {
        for image in test.images {
            for isLinear in [false, true] {
                let result = try filtered(
                    image, ["convolve:1e9 -1e9 1e9,divisor=1"], linear: isLinear)
                #expect(result.layout == image.layout)
            }
        }
    }

    @Test(
        "refuses what is no kernel",
        arguments: [
            "convolve:1 2", "convolve:1 / 2", "convolve:1 x 1", "convolve:1 2 3 / 1 2",
            "convolve:1 1 1,divisor=1e-10", "convolve:1e308 1e308 -1e308,divisor=1",
            "convolve:1e308 -1e308 1e308 1e308 1",
        ])
    func refused(specification: String) {
        #expect(throws: FilterError.self) { try FilterChain([specification]) }
    }
}
