import Foundation
import Images
import TestSupport
import Testing

@Suite("rotate by any angle")
struct RotateTests {
    /// Sums around the place that a pixel comes from; beyond the border there is white, or nothing
    /// where there is alpha.
    static func rotated(_ source: ReferenceImage, by degrees: Double) -> ReferenceImage {
        let (sine, cosine) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
        let (width, height) = (Double(source.width), Double(source.height))
        let canvas = (
            width: (abs(width * cosine) + abs(height * sine) - 1e-9).rounded(.up),
            height: (abs(width * sine) + abs(height * cosine) - 1e-9).rounded(.up)
        )
        let kernel = ReferenceImage.resamplingKernels["catmull-rom"] ?? { _ in 0 }
        return ReferenceImage(
            width: Int(canvas.width), height: Int(canvas.height),
            channelCount: source.channelCount, white: source.white
        ) { x, y, channel in
            let (dx, dy) = (Double(x) + 0.5 - canvas.width / 2, Double(y) + 0.5 - canvas.height / 2)
            let u = cosine * dx + sine * dy + width / 2 - 0.5
            let v = cosine * dy - sine * dx + height / 2 - 0.5
            var sum = 0.0
            for row in Int(v.rounded(.down)) - 1...Int(v.rounded(.down)) + 2 {
                for column in Int(u.rounded(.down)) - 1...Int(u.rounded(.down)) + 2 {
                    let isInside =
                        (0..<source.width).contains(column) && (0..<source.height).contains(row)
                    let sample =
                        isInside
                        ? source[column, row, channel] : source.hasAlpha ? 0 : source.white
                    sum += kernel(Double(column) - u) * kernel(Double(row) - v) * sample
                }
            }
            return sum
        }
    }

    @Test("is the formula in doubles, to a level", arguments: Case.all, [33.3, -200])
    func formula(_ test: Case, degrees: Double) throws {
        for image in test.images {
            expectAgreement(
                try filtered(image, ["rotate:\(degrees)"]),
                ReferenceImage(image).mixed { Self.rotated($0, by: degrees) })
        }
    }

    @Test("fills the corners with the colour that is asked for")
    func color() throws {
        let image = TestImage.flat(.rgb8, try #require(ImageSize(width: 9, height: 9)), value: 0)
        let result = try filtered(image, ["rotate:45,color=#204060"])
        #expect(result.layout.size == ImageSize(width: 13, height: 13))
        #expect(result.samples.prefix(3) == [0x20, 0x40, 0x60])
    }

    @Test("takes the nearest sample with kernel=nearest")
    func nearest() throws {
        let image = TestImage.noise(.gray8, try #require(ImageSize(width: 8, height: 8)))
        let result = try filtered(image, ["rotate:10,kernel=nearest"])
        #expect(Set(result.samples).isSubset(of: Set(image.samples + [255])))
    }
}
