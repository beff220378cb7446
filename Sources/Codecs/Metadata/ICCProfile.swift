internal import Images

/// What a profile's header says about the samples that it describes (ICC.1:2022, clause 7.2).
enum ICCProfile {
    private static let headerByteCount = 128

    /// Whether a profile can describe pixels of `format`: gray for gray, RGB for colour.
    static func describes(_ format: PixelFormat, profile: Span<UInt8>) -> Bool {
        guard profile.count >= headerByteCount, profile.bigEndian32(at: 0) <= profile.count,
            profile.has("acsp", at: 36)
        else { return false }
        return profile.has(format.isColor ? "RGB " : "GRAY", at: 16)
    }

    /// Why a profile is not carried with pixels of `format`: a clause for a warning; nil if it is.
    static func fault(of profile: Span<UInt8>, for format: PixelFormat) -> String? {
        let limit = ImageMetadata.largestProfileByteCount
        if profile.count > limit {
            return "the ICC profile has \(profile.count) bytes, \(limit) are allowed; it is ignored"
        }
        return describes(format, profile: profile)
            ? nil : "the ICC profile does not describe \(format); it is ignored"
    }
}

extension ImageMetadata {
    /// The profile of the file, unless it describes another colour model than that of `format`.
    func fileProfile(for format: PixelFormat) -> [UInt8]? {
        iccProfile.flatMap { ICCProfile.describes(format, profile: $0.span) ? $0 : nil }
    }

    /// A profile that says what samples of `format` mean: that of the file, or else one made from
    /// ``colorimetry``; nil if they are sRGB or nobody knows.
    func profile(for format: PixelFormat) -> [UInt8]? {
        fileProfile(for: format) ?? colorimetry.profile(isColor: format.isColor)
    }
}
