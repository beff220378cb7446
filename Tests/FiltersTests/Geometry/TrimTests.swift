import Images
import TestSupport
import Testing

@Suite("trim")
struct TrimTests {
    static func framed(_ format: PixelFormat) throws -> TestImage {
        let inner = TestImage.flat(
            format, try #require(ImageSize(width: 3, height: 2)), value: 9000)
        return try filtered(inner, ["pad:8x5,gravity=west,color=#F0F0F0"])
    }

    @Test("cuts the border that is as the first pixel", arguments: PixelFormat.allCases)
    func border(format: PixelFormat) throws {
        let image = try filtered(Self.framed(format), ["trim"])
        #expect(image == .flat(format, try #require(ImageSize(width: 3, height: 2)), value: 9000))
    }

    @Test("leaves an image whose first row and column have no border")
    func noBorder() throws {
        let image = try filtered(Self.framed(.rgb8), ["crop:8x4,gravity=south"])
        #expect(try filtered(image, ["trim"]) == image)
    }

    @Test("takes pixels within the threshold for the border")
    func threshold() throws {
        let image = try filtered(Self.framed(.rgb8), ["flip:horizontal"])
        let kept = try filtered(image, ["trim:threshold=204"])
        let cut = try filtered(image, ["trim:threshold=205"])
        #expect(kept.layout.size == ImageSize(width: 3, height: 2))
        #expect(cut.layout.size == ImageSize(width: 8, height: 5))
    }

    @Test("is followed by filters that see the size that came out")
    func followed() throws {
        let image = try filtered(Self.framed(.rgb8), ["flip:horizontal"])
        let result = try filtered(image, ["trim", "resize:200%,upscale=yes", "rotate:90"])
        #expect(result.layout.size == ImageSize(width: 4, height: 6))
        #expect(result.samples.allSatisfy { $0 == 35 })
    }

    @Test("leaves the result where the plan says though a filter has nothing to do")
    func parity() throws {
        let image = try filtered(Self.framed(.rgb8), ["flip:horizontal"])
        let result = try filtered(image, ["trim", "resize:4x4"])
        #expect(result == .flat(.rgb8, result.layout.size, value: 9000))
    }
}
