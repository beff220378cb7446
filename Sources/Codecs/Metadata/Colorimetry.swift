/// What the samples of a PNG file mean where no ICC profile says it, as the file has it (PNG, third
/// edition, clauses 11.3.2.1 to 11.3.2.6).
///
/// PNG files carry it on as it is; for other formats it is made into a profile, unless it is sRGB,
/// which they mean anyway.
public struct Colorimetry: Hashable, Sendable {
    /// The exponent from light to samples, times 100,000 (gAMA).
    public var gamma: Int?

    /// The x and y of white, red, green and blue, times 100,000 (cHRM).
    public var chromaticities: [Int]?

    /// That the samples are sRGB, with this rendering intent (sRGB).
    public var renderingIntent: UInt8?

    /// The numbers of ITU-T H.273 for primaries, transfer, matrix and range (cICP).
    public var codingPoints: [UInt8]?

    /// Makes one that says nothing.
    public init() {}

    /// An ICC profile that says the same, or nil where it is sRGB or can't be said; that of gray has
    /// only a tone curve.
    func profile(isColor: Bool) -> [UInt8]? {
        guard !isSRGB, let curve, let space else { return nil }
        return MatrixProfile(curve: curve, space: space).bytes(isColor: isColor)
    }

    /// The coding points, as `9, 16, 0, 1`, if they are neither sRGB nor what a profile can say.
    var pointsOutsideProfiles: String? {
        guard let codingPoints, !isSRGB, profile(isColor: true) == nil else { return nil }
        return codingPoints.map(String.init).joined(separator: ", ")
    }

    /// Whether what it says, if anything, is sRGB as closely as one can see.
    var isSRGB: Bool {
        if let codingPoints { return Array(codingPoints.prefix(2)) == [1, 13] }
        if renderingIntent != nil { return true }
        let hasGamma = gamma.map { (43_000...48_000).contains($0) } ?? true
        let hasPrimaries = zip(chromaticities ?? [], Self.sRGBChromaticities)
            .allSatisfy { abs($0 - $1) <= 1_000 }
        return hasGamma && hasPrimaries
    }

    private static let sRGBChromaticities = [
        31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
    ]
    private static let displayP3Chromaticities = [
        31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000,
    ]
    private static let bt2020Chromaticities = [
        31_270, 32_900, 70_800, 29_200, 17_000, 79_700, 13_100, 4_600,
    ]

    /// The curve from samples to light, nil where there is none of this kind.
    private var curve: MatrixProfile.Curve? {
        guard let codingPoints else {
            return gamma.map { .power(100_000 / Double($0)) } ?? .sRGB
        }
        // Full range of RGB; the curves for high dynamic range have no place in such a profile.
        guard codingPoints.count == 4, codingPoints[2] == 0, codingPoints[3] == 1 else {
            return nil
        }
        return switch codingPoints[1] {
        case 1, 6, 14, 15: .bt709
        case 4: .power(2.2)
        case 5: .power(2.8)
        case 8: .power(1)
        case 13: .sRGB
        default: nil
        }
    }

    private var space: MatrixProfile.Space? {
        guard let codingPoints else {
            return MatrixProfile.Space(chromaticities ?? Self.sRGBChromaticities)
        }
        return switch codingPoints.first {
        case 1: MatrixProfile.Space(Self.sRGBChromaticities)
        case 9: MatrixProfile.Space(Self.bt2020Chromaticities)
        case 12: MatrixProfile.Space(Self.displayP3Chromaticities)
        default: nil
        }
    }
}
