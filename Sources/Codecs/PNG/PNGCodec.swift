#if HAVE_DEFLATE
    internal import CDeflate
#endif
internal import CPNG
public import Images
public import Profiling

/// Reads and writes PNG (third edition, W3C 2025) by vectorised Swift and libdeflate, or by libpng.
///
/// The chunks are walked in Swift, and libpng sees only those that the pixels are made of, so that
/// no metadata can cost it time or memory. It reads interlaced and broken files; where libdeflate
/// was missing when this was built, it does everything.
public struct PNGCodec: Codec {
    /// Makes the codec.
    public init() {}

    /// PNG.
    public var format: ImageFormat { .png }

    /// `libpng 1.6.39`, with libdeflate where that is there.
    public var library: String {
        let libpng = unsafe "libpng " + String(cString: pixloom_png_version())
        #if HAVE_DEFLATE
            return libpng + ", libdeflate " + LIBDEFLATE_VERSION_STRING
        #else
            return libpng
        #endif
    }

    /// Walks the chunks of a file.
    public func probe(
        _ bytes: borrowing Span<UInt8>, limits: DecodeLimits
    ) throws(CodecError) -> ImageHeader {
        let file = try PNGFile(bytes)
        let size = file.header.size
        guard size.pixelCount <= limits.pixelCount else {
            throw .pixelLimitExceeded(size, limit: limits.pixelCount)
        }
        let format = file.header.pixelFormat(hasTransparency: file.transparency != nil)
        guard let layout = PixelLayout(size: size, format: format) else {
            throw .pixelLimitExceeded(size, limit: limits.pixelCount)
        }
        return ImageHeader(
            format: .png, layout: layout,
            orientation: file.exif.map { EXIF(bytes.extracting($0.content)).orientation }
                ?? .topLeft,
            frameCount: file.frameCount)
    }

    /// Decodes a file at full size.
    public func decode(
        _ bytes: borrowing Span<UInt8>, as header: ImageHeader, shrunkBy shrink: Int,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(CodecError) -> DecodeReport {
        let file = try PNGFile(bytes)
        var report = DecodeReport(warnings: file.warnings)
        try report.warnings += readPixels(
            of: file, in: bytes, as: header.layout, into: &pixels, checkpoint: checkpoint)
        report.metadata = file.metadata(from: bytes, for: header.layout.format, &report.warnings)
        report.addFrames(leftOf: header)
        return report
    }

    /// Decodes what the fast reader takes there, and the rest by libpng; returns warnings.
    private func readPixels(
        of file: PNGFile, in bytes: borrowing Span<UInt8>, as layout: PixelLayout,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(CodecError) -> [String] {
        #if HAVE_DEFLATE
            do throws(Interruption) {
                let isDone = try FastPNGReader.read(
                    file, of: bytes, as: layout, into: &pixels, checkpoint: checkpoint)
                if isDone { return [] }
            } catch {
                throw .interrupted(error)
            }
        #endif
        return try LibPNG.read(
            file, of: bytes, as: layout, into: &pixels, checkpoint: checkpoint)
    }

    /// PNG holds every format as it is.
    public func formatToEncode(_ format: PixelFormat) -> PixelFormat? { format }

    /// Encodes pixels, with the metadata in chunks between the header and the pixels.
    public func encode(
        _ pixels: RawSpan, as layout: PixelLayout, metadata: ImageMetadata,
        options: EncodeOptions, checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8] {
        let metadataChunks = metadata.pngChunks(for: layout.format)
        #if HAVE_DEFLATE
            return try FastPNGWriter.write(
                pixels, as: layout, effort: options.pngEffort, metadataChunks: metadataChunks,
                hasProfile: metadata.fileProfile(for: layout.format) != nil, checkpoint: checkpoint)
        #else
            return try LibPNG.write(
                pixels, as: layout, effort: options.pngEffort, metadataChunks: metadataChunks,
                checkpoint: checkpoint)
        #endif
    }
}
