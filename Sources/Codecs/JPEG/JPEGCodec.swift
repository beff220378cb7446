internal import CJPEG
public import Images
public import Profiling

/// Reads and writes JPEG (ITU-T T.81) through libjpeg-turbo.
///
/// Gray stays gray, colour becomes RGB; ink (CMYK, YCCK) becomes RGB without regard to its profile.
/// Decoding can divide the sides by 2, 4 or 8, which costs less than decoding everything.
public struct JPEGCodec: Codec {
    /// The largest width or height that libjpeg writes, in pixels.
    private static let largestSide = 65500

    /// Makes the codec.
    public init() {}

    /// JPEG.
    public var format: ImageFormat { .jpeg }

    /// `libjpeg-turbo 2.1.5`.
    public var library: String {
        unsafe "libjpeg-turbo " + String(cString: pixloom_jpeg_version())
    }

    /// Walks the markers of a file up to its first scan.
    public func probe(
        _ bytes: borrowing Span<UInt8>, limits: DecodeLimits
    ) throws(CodecError) -> ImageHeader {
        let file = try JPEGFile(bytes)
        let size = file.header.size
        guard size.pixelCount <= limits.pixelCount,
            let layout = PixelLayout(size: size, format: file.header.pixelFormat)
        else { throw .pixelLimitExceeded(size, limit: limits.pixelCount) }
        return ImageHeader(
            format: .jpeg, layout: layout,
            orientation: file.metadata.exif.map { EXIF(bytes.extracting($0)).orientation }
                ?? .topLeft,
            shrinks: [1, 2, 4, 8],
            // A sixth of the time: most scans are left out then.
            preferredShrink: file.header.isProgressive ? 8 : nil)
    }

    /// Decodes a file, by the slow and exact inverse transform.
    public func decode(
        _ bytes: borrowing Span<UInt8>, as header: ImageHeader, shrunkBy shrink: Int,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(CodecError) -> DecodeReport {
        let file = try JPEGFile(bytes)
        let layout = header.layout(shrunkBy: shrink)
        var warnings: [String]
        if shrink == 8, let selection = JPEGScanSelection.forEighth(bytes) {
            warnings = try LibJPEG.read(
                selection.span, as: layout, shrunkBy: shrink, into: &pixels,
                checkpoint: checkpoint)
        } else {
            warnings = try LibJPEG.read(
                bytes, as: layout, shrunkBy: shrink, into: &pixels, checkpoint: checkpoint)
        }
        let metadata = file.metadata.read(from: bytes, for: header.layout.format, &warnings)
        return DecodeReport(metadata: metadata, warnings: warnings)
    }

    /// JPEG holds 8 bits of gray or RGB, and no alpha.
    public func formatToEncode(_ format: PixelFormat) -> PixelFormat? {
        format.withoutAlpha.at8Bits
    }

    /// Encodes pixels as JFIF, with the metadata in markers after its own.
    public func encode(
        _ pixels: RawSpan, as layout: PixelLayout, metadata: ImageMetadata,
        options: EncodeOptions, checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8] {
        guard max(layout.width, layout.height) <= Self.largestSide else {
            throw .tooLargeToEncode(.jpeg, layout.size, largestSide: Self.largestSide)
        }
        return try LibJPEG.write(
            pixels, as: layout, options: options,
            metadataMarkers: JPEGMetadata.markers(of: metadata, for: layout.format),
            checkpoint: checkpoint)
    }
}
