import Foundation
import Images
import TestSupport
import Testing

@Suite("Linear light")
struct LinearTests {
    static func decoded(_ value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    static func encoded(_ value: Double) -> Double {
        value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
    }

    @Test("is what resize and blurs work in", arguments: Case.all)
    func formula(_ test: Case) throws {
        let image = test.images[1]
        let source = ReferenceImage(image)
        func linear(_ filter: (ReferenceImage) -> ReferenceImage) -> ReferenceImage {
            source.curved(Self.decoded).mixed(filter).curved(Self.encoded)
        }
        expectAgreement(
            try filtered(image, ["gaussian-blur:1.4"], linear: true),
            linear { $0.gaussianBlurred(sigma: 1.4) })
        expectAgreement(
            try filtered(image, ["box-blur:2"], linear: true), linear { $0.boxBlurred(radius: 2) })
        let kernel = try #require(ReferenceImage.resamplingKernels["lanczos3"])
        expectAgreement(
            try filtered(image, ["resize:9x7,fit=fill"], linear: true),
            linear {
                $0.resized(
                    width: min(9, source.width), height: min(7, source.height), radius: 3,
                    kernel: kernel)
            })
    }

    @Test("leaves every sample of a flat area as it is", arguments: [PixelFormat.gray8, .gray16])
    func flat(format: PixelFormat) throws {
        // Rows that are flat along themselves, and a blur too small to reach the next.
        let (count, step) = format == .gray8 ? (256, 1) : (1024, 64)
        let size = try #require(ImageSize(width: 5, height: count))
        let layout = try #require(PixelLayout(size: size, format: format))
        let samples = (0..<5 * count).map { UInt16($0 / 5 * step) }
        let image = TestImage(layout, samples: samples)
        #expect(try filtered(image, ["gaussian-blur:0.1"], linear: true) == image)
    }
}
