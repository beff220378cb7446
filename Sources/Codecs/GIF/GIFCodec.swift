public import Images
public import Profiling

/// Reads the first frame of GIF files (GIF89a).
///
/// It is all Swift: the format is small, and memory-safe code for it is less to trust than a library.
public struct GIFCodec: Codec {
    private static let rowsBetweenChecks = 16

    /// Makes the codec.
    public init() {}

    /// GIF.
    public var format: ImageFormat { .gif }

    /// The format's version: there is no library.
    public var library: String { "gif 89a (read only)" }

    /// Walks the blocks of a file.
    public func probe(
        _ bytes: borrowing Span<UInt8>, limits: DecodeLimits
    ) throws(CodecError) -> ImageHeader {
        let file = try GIFFile(bytes)
        guard file.size.pixelCount <= limits.pixelCount,
            let layout = PixelLayout(size: file.size, format: file.hasAlpha ? .rgba8 : .rgb8)
        else { throw .pixelLimitExceeded(file.size, limit: limits.pixelCount) }
        return ImageHeader(format: .gif, layout: layout, frameCount: file.frameCount)
    }

    /// Decodes the first frame, on a screen that is transparent where the frame does not reach.
    public func decode(
        _ bytes: borrowing Span<UInt8>, as header: ImageHeader, shrunkBy shrink: Int,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(CodecError) -> DecodeReport {
        let layout = header.layout
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        let frame = try GIFFile(bytes).frame
        let colors = colors(of: frame, in: bytes, for: layout.format)
        if frame.size != layout.size {
            unsafe pixels.withUnsafeMutableBytes {
                unsafe _ = $0.initializeMemory(as: UInt8.self, repeating: 0)
            }
        }
        var indices = try GIFIndexDecoder(at: frame.dataOffset, of: bytes)
        for (count, row) in frame.rowOrder.enumerated() {
            if count.isMultiple(of: Self.rowsBetweenChecks) {
                do { try checkpoint.check() } catch { throw .interrupted(error) }
            }
            var offset =
                (frame.y + row) * layout.bytesPerRow + frame.x * layout.format.bytesPerPixel
            for _ in 0..<frame.size.width {
                guard let index = try indices.next(from: bytes) else {
                    throw .malformed(
                        .gif, "the pixel data ends in row \(count) of \(frame.size.height)")
                }
                let color = colors[Int(index)]
                for channel in 0..<layout.format.channelCount {
                    pixels.storeBytes(
                        of: color[channel], toByteOffset: offset + channel, as: UInt8.self)
                }
                offset += layout.format.bytesPerPixel
            }
        }
        var report = DecodeReport()
        report.addFrames(leftOf: header)
        return report
    }

    /// GIF is only read.
    public func formatToEncode(_ format: PixelFormat) -> PixelFormat? { nil }

    /// Throws: GIF is only read.
    public func encode(
        _ pixels: RawSpan, as layout: PixelLayout, metadata: ImageMetadata,
        options: EncodeOptions, checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8] {
        throw .unsupported(.gif, "writing")
    }

    /// The pixel for each of 256 indices; those without a colour are black.
    private func colors(
        of frame: GIFFile.Frame, in bytes: borrowing Span<UInt8>, for format: PixelFormat
    ) -> [SIMD4<UInt8>] {
        var colors = [SIMD4<UInt8>](repeating: [0, 0, 0, 255], count: 256)
        for index in 0..<frame.colorTable.count / 3 {
            let offset = frame.colorTable.lowerBound + 3 * index
            colors[index] = [bytes[offset], bytes[offset + 1], bytes[offset + 2], 255]
        }
        if let index = frame.transparentIndex { colors[Int(index)].w = 0 }
        return colors
    }
}
