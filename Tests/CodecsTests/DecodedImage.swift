import Codecs
import Images
import Profiling
import Testing

/// A file as a codec sees it: probed, decoded at full size or shrunk.
struct DecodedImage {
    let header: ImageHeader
    let layout: PixelLayout
    let pixels: [UInt8]
    let report: DecodeReport

    init(
        _ bytes: [UInt8], by codec: any Codec, shrunkBy shrink: Int = 1,
        checkpoint: Checkpoint = .none
    ) throws(CodecError) {
        header = try codec.probe(bytes.span, limits: .default)
        layout = header.layout(shrunkBy: shrink)
        var pixels = [UInt8](repeating: 0xA5, count: layout.byteCount)
        report = try Self.decode(
            bytes, header, shrink, by: codec, into: &pixels, checkpoint: checkpoint)
        self.pixels = pixels
    }

    private static func decode(
        _ bytes: [UInt8], _ header: ImageHeader, _ shrink: Int, by codec: any Codec,
        into pixels: inout [UInt8], checkpoint: Checkpoint
    ) throws(CodecError) -> DecodeReport {
        var span = pixels.mutableSpan
        var rawSpan = unsafe span.mutableBytes
        return try codec.decode(
            bytes.span, as: header, shrunkBy: shrink, into: &rawSpan, checkpoint: checkpoint)
    }

    /// The samples of a 16-bit image.
    var samples16: [UInt16] {
        stride(from: 0, to: pixels.count, by: 2).map { index in
            UInt16(littleEndian: UInt16(pixels[index]) | UInt16(pixels[index + 1]) << 8)
        }
    }
}

extension Codec {
    /// Encodes packed pixels.
    func encode(
        _ pixels: [UInt8], as layout: PixelLayout, metadata: ImageMetadata = ImageMetadata(),
        options: EncodeOptions = EncodeOptions(), checkpoint: Checkpoint = .none
    ) throws(CodecError) -> [UInt8] {
        try unsafe encode(
            pixels.span.bytes, as: layout, metadata: metadata, options: options,
            checkpoint: checkpoint)
    }
}

extension PixelLayout {
    /// A layout that is known to be valid.
    static func of(_ width: Int, _ height: Int, _ format: PixelFormat) throws -> PixelLayout {
        try #require(
            ImageSize(width: width, height: height).flatMap {
                PixelLayout(size: $0, format: format)
            })
    }

    /// Bytes that differ from pixel to pixel.
    var pattern: [UInt8] { (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ $0 >> 5) } }
}
