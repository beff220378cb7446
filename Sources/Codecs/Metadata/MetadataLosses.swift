public import Images

extension ImageMetadata {
    /// What an encoder leaves out of this metadata because it can't hold it: a clause each, for
    /// warnings.
    ///
    /// - Parameters:
    ///   - format: The format of the file to be written.
    ///   - pixels: The format of its pixels.
    /// - Returns: Nothing if all of it is written.
    public func losses(in format: ImageFormat, for pixels: PixelFormat) -> [String] {
        var losses: [String] = []
        if iccProfile != nil, fileProfile(for: pixels) == nil {
            losses.append("the ICC profile is left out: it does not describe \(pixels)")
        }
        if format != .png, profile(for: pixels) == nil,
            let points = colorimetry.pointsOutsideProfiles
        {
            losses.append(
                "the coding points \(points) (cICP) are left out: \(format.rawValue) has none")
        }
        if let exif {
            if format == .tiff, TagReader.directory(of: exif.span) == nil {
                losses.append("the EXIF block is left out: it does not begin as one")
            } else if format == .jpeg, exif.count > Self.largestEXIFInJPEG {
                losses.append(
                    "the EXIF block is left out: it has \(exif.count) bytes, jpeg holds 65527")
            }
        }
        if format == .jpeg, let xmp, xmp.count > Self.largestXMPInJPEG {
            losses.append("the XMP packet is left out: it has \(xmp.count) bytes, jpeg holds 65504")
        }
        return losses
    }

    // A marker's 65533 bytes less the signatures of 6 and 29.
    private static var largestEXIFInJPEG: Int { 65527 }
    private static var largestXMPInJPEG: Int { 65504 }
}
