internal import Images

/// What a profile's header says about the samples that it describes (ICC.1:2022, clause 7.2).
enum ICCProfile {
    private static let headerByteCount = 128

    /// Whether a profile can describe pixels of `format`: gray for gray, RGB for colour.
    static func describes(_ format: PixelFormat, profile: Span<UInt8>) -> Bool {
        guard profile.count >= headerByteCount, profile.has("acsp", at: 36) else { return false }
        return profile.has(format.isColor ? "RGB " : "GRAY", at: 16)
    }
}

extension ImageMetadata {
    /// The profile, unless it describes another colour model than that of `format`.
    func iccProfile(for format: PixelFormat) -> [UInt8]? {
        iccProfile.flatMap { ICCProfile.describes(format, profile: $0.span) ? $0 : nil }
    }
}
