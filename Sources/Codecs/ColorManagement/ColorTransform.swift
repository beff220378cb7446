internal import CLCMS2
internal import Images
internal import Profiling

/// Turns samples of one profile into samples of sRGB, through Little CMS.
@safe
struct ColorTransform: ~Copyable {
    private let transform: cmsHTRANSFORM

    private static let rowsBetweenChecks = 16

    /// Links a profile with sRGB, or with gray of the same curve; nil if it can't be used.
    ///
    /// - Parameters:
    ///   - profile: An ICC profile of the colour model of `format`.
    ///   - format: What the pixels are, before and after.
    init?(toSRGBFrom profile: [UInt8], for format: PixelFormat) {
        guard
            let source = unsafe cmsOpenProfileFromMem(profile, cmsUInt32Number(profile.count))
        else { return nil }
        defer { unsafe cmsCloseProfile(source) }
        guard let destination = unsafe format.isColor ? cmsCreate_sRGBProfile() : Self.grayProfile()
        else { return nil }
        defer { unsafe cmsCloseProfile(destination) }
        let layout = pixloom_lcms2_layout(
            CInt(format.channelCount), CInt(format.bytesPerSample))
        // Channels beyond the colours are not touched, so alpha stays where it is.
        guard
            let transform = unsafe cmsCreateTransform(
                source, layout, destination, layout, cmsUInt32Number(INTENT_PERCEPTUAL), 0)
        else { return nil }
        unsafe self.transform = transform
    }

    deinit {
        unsafe cmsDeleteTransform(transform)
    }

    /// Converts the rows of `layout` where they are; alpha stays.
    func apply(
        to pixels: inout MutableRawSpan, of layout: PixelLayout, checkpoint: Checkpoint
    ) throws(Interruption) {
        for y in 0..<layout.height {
            if y.isMultiple(of: Self.rowsBetweenChecks) { try checkpoint.check() }
            let offset = layout.byteRange(ofRow: y).lowerBound
            unsafe pixels.withUnsafeMutableBytes { pixels in
                let row = unsafe pixels.baseAddress?.advanced(by: offset)
                unsafe cmsDoTransform(transform, row, row, cmsUInt32Number(layout.width))
            }
        }
    }

    /// Gray with the tone curve of sRGB (IEC 61966-2-1).
    private static func grayProfile() -> cmsHPROFILE? {
        guard let color = unsafe cmsCreate_sRGBProfile() else { return nil }
        defer { unsafe cmsCloseProfile(color) }
        // The curve belongs to the profile that it is read from.
        let curve = unsafe cmsReadTag(color, cmsSigRedTRCTag)
        return unsafe cmsCreateGrayProfile(cmsD50_xyY(), curve.map { OpaquePointer($0) })
    }
}
