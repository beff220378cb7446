public import Images
public import Profiling

#if HAVE_LCMS2
    internal import CLCMS2
#endif

/// Conversion of pixels from the colours that their file means to sRGB.
public enum ColorManagement {
    /// The library behind it with its version, or nil if this build has none.
    public static var library: String? {
        #if HAVE_LCMS2
            let version = cmsGetEncodedCMMversion()
            return "lcms2 \(version / 1000).\(version % 1000 / 10)"
        #else
            return nil
        #endif
    }

    /// Converts pixels to sRGB where they are, or to gray of sRGB's tone curve.
    ///
    /// Without a profile, pixels are taken to be sRGB already. Alpha stays.
    ///
    /// - Parameters:
    ///   - pixels: The rows of `layout`.
    ///   - layout: What the bytes of `pixels` mean.
    ///   - metadata: What the file said; afterwards it says nothing of colours any more.
    ///   - format: The format of the file, for errors.
    ///   - checkpoint: Asked every 16 rows.
    /// - Returns: What keeps the pixels from being sRGB, for a warning; nil if they are.
    /// - Throws: ``CodecError/malformed(_:_:)`` if the profile can't be used,
    ///   ``CodecError/libraryMissing(_:library:)`` if this build has no lcms2,
    ///   ``CodecError/interrupted(_:)``.
    public static func convertToSRGB(
        _ pixels: inout MutableRawSpan, of layout: PixelLayout, metadata: inout ImageMetadata,
        of format: ImageFormat, checkpoint: Checkpoint
    ) throws(CodecError) -> String? {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        guard let profile = metadata.profile(for: layout.format) else {
            return metadata.colorimetry.pointsOutsideProfiles.map {
                "the coding points \($0) (cICP) can't be converted to sRGB"
            }
        }
        #if HAVE_LCMS2
            guard let transform = ColorTransform(toSRGBFrom: profile, for: layout.format) else {
                throw .malformed(format, "its ICC profile can't be used")
            }
            do {
                try transform.apply(to: &pixels, of: layout, checkpoint: checkpoint)
            } catch {
                throw .interrupted(error)
            }
            metadata.iccProfile = nil
            metadata.colorimetry = Colorimetry()
            return nil
        #else
            _ = profile
            throw .libraryMissing(format, library: "lcms2")
        #endif
    }
}
