internal import CTIFF
public import Images
public import Profiling

/// Reads and writes TIFF (6.0) through libtiff: the first page, in strips or tiles.
///
/// Read are gray, RGB, palettes and ink of up to 8 bits, gray and RGB also of 16, with all of
/// libtiff's compressions. Written are deflated strips. What is an EXIF block in other formats are
/// tags of the page here; those that describe the image become one and come from one.
public struct TIFFCodec: Codec {
    /// Makes the codec.
    public init() {}

    /// TIFF.
    public var format: ImageFormat { .tiff }

    /// `libtiff 4.5.0`.
    public var library: String {
        let words = unsafe String(cString: pixloom_tiff_version())
            .split { $0 == " " || $0 == "\n" }
        return "libtiff " + (words.dropFirst(2).first ?? "")
    }

    /// Reads the tags of the first page, and counts the pages.
    public func probe(
        _ bytes: borrowing Span<UInt8>, limits: DecodeLimits
    ) throws(CodecError) -> ImageHeader {
        try TIFFHandle.withFile(bytes) { file throws(CodecError) in
            let page = try TIFFPage(file, limits: limits)
            return ImageHeader(
                format: .tiff, layout: page.layout, orientation: page.orientation,
                frameCount: max(1, Int(unsafe pixloom_tiff_page_count(file.pointer))))
        }
    }

    /// Decodes the first page at full size.
    public func decode(
        _ bytes: borrowing Span<UInt8>, as header: ImageHeader, shrunkBy shrink: Int,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(CodecError) -> DecodeReport {
        let layout = header.layout
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        return try TIFFHandle.withFile(bytes) { file throws(CodecError) in
            let page = try TIFFPage(file, limits: DecodeLimits(pixelCount: layout.size.pixelCount))
            var reader = try TIFFReader(page, of: file, checkpoint: checkpoint)
            try reader.read(from: file, into: &pixels)
            var report = DecodeReport()
            if !file.message.isEmpty { report.warnings.append(file.message) }
            if let profile = file.bytes(ofTag: PIXLOOM_TIFF_PROFILE) {
                if let fault = ICCProfile.fault(of: profile.span, for: layout.format) {
                    report.warnings.append(fault)
                } else {
                    report.metadata.iccProfile = profile
                }
            }
            report.metadata.exif = TagReader.directory(of: bytes).flatMap {
                $0.isEmpty ? nil : TagWriter.block(of: $0)
            }
            report.metadata.xmp = file.bytes(ofTag: PIXLOOM_TIFF_XMP)
            report.addFrames(leftOf: header)
            return report
        }
    }

    /// TIFF holds every format as it is.
    public func formatToEncode(_ format: PixelFormat) -> PixelFormat? { format }

    /// Encodes pixels in deflated strips.
    public func encode(
        _ pixels: RawSpan, as layout: PixelLayout, metadata: ImageMetadata,
        options: EncodeOptions, checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8] {
        try TIFFWriter.write(pixels, as: layout, metadata: metadata, checkpoint: checkpoint)
    }
}
