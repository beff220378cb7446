import Images
import TestSupport
import Testing

@Suite("median")
struct MedianTests {
    @Test("is exactly the middle of the sorted window", arguments: Case.all, [1, 2, 3, 7])
    func sorted(_ test: Case, radius: Int) throws {
        for image in test.images { try expectExact(image, radius: radius) }
    }

    @Test(
        "is exact where a row is one strip of samples, nearly one or several",
        arguments: PixelFormat.allCases, [129, 130, 173, 258, 514, 1029])
    func strips(format: PixelFormat, width: Int) throws {
        try expectExact(try noise(format, width, 7), radius: 1)
    }

    @Test(
        "is exact where a row is less than one vector, some whole ones, or some and a remainder",
        arguments: PixelFormat.allCases, [1, 2, 3, 4, 5, 8, 10, 11, 16, 31, 32, 33, 64, 173])
    func vectors(format: PixelFormat, width: Int) throws {
        try expectExact(try noise(format, width, 9), radius: 2)
    }

    @Test(
        "is exact where some rows remain beyond whole blocks of rows, and where there are few",
        arguments: PixelFormat.allCases, Array(1...18))
    func blocks(format: PixelFormat, height: Int) throws {
        for radius in [1, 2] { try expectExact(try noise(format, 19, height), radius: radius) }
    }

    private func noise(_ format: PixelFormat, _ width: Int, _ height: Int) throws -> TestImage {
        TestImage.noise(format, try #require(ImageSize(width: width, height: height)))
    }

    private func expectExact(_ image: TestImage, radius: Int) throws {
        let result = try filtered(image, ["median:\(radius)"])
        #expect(
            result.samples.map(Double.init)
                == ReferenceImage(image).medianFiltered(radius: radius).samples)
    }

    @Test(
        "is exact from histograms, for all levels at once and for a range after the other",
        arguments: [PixelFormat.gray8, .rgba8, .gray16, .rgba16])
    func histograms(format: PixelFormat) throws {
        for (width, height) in [(300, 3), (97, 90)] {
            let size = try #require(ImageSize(width: width, height: height))
            for image in [TestImage.noise(format, size), .shapes(format, size)] {
                let result = try filtered(image, ["median:3"])
                #expect(
                    result.samples.map(Double.init)
                        == ReferenceImage(image).medianFiltered(radius: 3).samples)
            }
        }
    }
}
