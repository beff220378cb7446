import Images
import TestSupport
import Testing

@testable import Codecs

@Suite("Colorimetry")
struct ColorimetryTests {
    @Test("needs no profile where it is sRGB", arguments: sRGB)
    func needsNoProfile(colorimetry: Colorimetry) {
        #expect(colorimetry.profile(isColor: true) == nil)
    }

    private static let sRGB = [
        Colorimetry(), with { $0.gamma = 45_455 }, with { $0.renderingIntent = 0 },
        with { $0.codingPoints = [1, 13, 0, 1] },
        with {
            $0.chromaticities = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]
        },
    ]

    @Test("has no profile where none can say it", arguments: unspeakable)
    func hasNoProfile(colorimetry: Colorimetry) {
        #expect(colorimetry.profile(isColor: true) == nil)
    }

    private static let unspeakable = [
        with { $0.codingPoints = [9, 16, 0, 1] },  // PQ
        with { $0.codingPoints = [9, 1, 0, 0] },  // narrow range
        with { $0.codingPoints = [] },
        with { $0.chromaticities = [UInt8](repeating: 0, count: 8).map(Int.init) },
        with { $0.chromaticities = [31_270, 32_900, 1, 1, 2, 2, 3, 3] },
    ]

    @Test("becomes a profile of the right colour model", arguments: [true, false])
    func becomesProfile(isColor: Bool) throws {
        let profile = try #require(Self.with { $0.gamma = 100_000 }.profile(isColor: isColor))

        let isDescription = ICCProfile.describes(isColor ? .rgb8 : .gray8, profile: profile.span)
        #expect(isDescription)
        #expect(Array(profile[..<4]) == PNGBuilder.bigEndian(UInt32(profile.count)))
    }

    @Test("has sRGB's primaries as every profile of sRGB has them")
    func adaptsPrimaries() throws {
        let space = try #require(
            MatrixProfile.Space([31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]))

        // IEC 61966-2-1 adapted to D50, as in the ICC's own profile of sRGB.
        #expect(isNear(space.red, [0.4361, 0.2225, 0.0139]))
        #expect(isNear(space.green, [0.3851, 0.7169, 0.0971]))
        #expect(isNear(space.blue, [0.1431, 0.0606, 0.7139]))
    }

    private func isNear(_ left: SIMD3<Double>, _ right: SIMD3<Double>) -> Bool {
        let difference = left - right
        return (difference * difference).sum().squareRoot() < 0.0005
    }

    @Test("is carried by PNG as it is")
    func isCarriedByPNG() throws {
        let colorimetry = Self.with {
            $0.gamma = 100_000
            $0.chromaticities = [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000]
            $0.renderingIntent = 1
            $0.codingPoints = [12, 13, 0, 1]
        }
        let layout = try PixelLayout.of(1, 1, .rgb8)

        let file = try PNGCodec().encode(
            [1, 2, 3], as: layout, metadata: ImageMetadata(colorimetry: colorimetry))

        #expect(
            try DecodedImage(file, by: PNGCodec()).report.metadata.colorimetry == colorimetry)
    }

    @Test("of no sense is ignored with a warning")
    func isIgnored() throws {
        let file = PNGBuilder.header(width: 1, height: 1, colorType: 0)
            .adding("gAMA", [0, 0, 0, 0]).adding("cHRM", [1]).image(rows: [[1]])

        let report = try DecodedImage(file, by: PNGCodec()).report

        #expect(report.metadata.colorimetry == Colorimetry())
        #expect(
            report.warnings == [
                "chunk gAMA announces a gamma of 0 (offset 33); it is ignored",
                "chunk cHRM has 1 bytes (offset 49); it is ignored",
            ])
    }

    private static func with(_ change: (inout Colorimetry) -> Void) -> Colorimetry {
        var colorimetry = Colorimetry()
        change(&colorimetry)
        return colorimetry
    }
}
