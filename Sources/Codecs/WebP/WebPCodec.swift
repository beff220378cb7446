internal import CWebP
public import Images
public import Profiling

/// Reads and writes WebP (RFC 9649) through libwebp, with loss and without.
///
/// The chunks are walked in Swift; libwebp sees one image. Of an animation that is the first frame,
/// on a canvas that is transparent where the frame does not reach.
public struct WebPCodec: Codec {
    /// The largest width or height that WebP has, in pixels.
    private static let largestSide = 16383

    /// Makes the codec.
    public init() {}

    /// WebP.
    public var format: ImageFormat { .webp }

    /// `libwebp 1.2.4`.
    public var library: String {
        let version = pixloom_webp_version()
        return "libwebp \(version >> 16).\(version >> 8 & 0xFF).\(version & 0xFF)"
    }

    /// Walks the chunks of a file.
    public func probe(
        _ bytes: borrowing Span<UInt8>, limits: DecodeLimits
    ) throws(CodecError) -> ImageHeader {
        let file = try WebPFile(bytes)
        guard file.size.pixelCount <= limits.pixelCount,
            let layout = PixelLayout(size: file.size, format: file.hasAlpha ? .rgba8 : .rgb8)
        else { throw .pixelLimitExceeded(file.size, limit: limits.pixelCount) }
        return ImageHeader(
            format: .webp, layout: layout,
            orientation: file.exifBlock(in: bytes).map { EXIF(bytes.extracting($0)).orientation }
                ?? .topLeft,
            frameCount: file.frameCount)
    }

    /// Decodes a file at full size.
    public func decode(
        _ bytes: borrowing Span<UInt8>, as header: ImageHeader, shrunkBy shrink: Int,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(CodecError) -> DecodeReport {
        let file = try WebPFile(bytes)
        try LibWebP.read(file, of: bytes, as: header.layout, into: &pixels, checkpoint: checkpoint)
        var report = DecodeReport()
        report.metadata = file.metadata(from: bytes, for: header.layout.format, &report.warnings)
        report.addFrames(leftOf: header)
        return report
    }

    /// WebP holds 8 bits of RGB, with or without alpha.
    public func formatToEncode(_ format: PixelFormat) -> PixelFormat? {
        format.hasAlpha ? .rgba8 : .rgb8
    }

    /// Encodes pixels, with the metadata in chunks of the extended format.
    public func encode(
        _ pixels: RawSpan, as layout: PixelLayout, metadata: ImageMetadata,
        options: EncodeOptions, checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8] {
        guard max(layout.width, layout.height) <= Self.largestSide else {
            throw .tooLargeToEncode(.webp, layout.size, largestSide: Self.largestSide)
        }
        let file = try LibWebP.write(pixels, as: layout, options: options, checkpoint: checkpoint)
        return metadata.added(toWebP: file, of: layout)
    }
}
