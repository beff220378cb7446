internal import CWebP
internal import Images

/// Where the parts of a WebP file lie, found by walking its chunks (RFC 9649, section 2).
struct WebPFile {
    /// The size of the canvas: that of the image, or for an animation that of all frames.
    let size: ImageSize

    /// Whether pixels have alpha.
    let hasAlpha: Bool

    /// The first frame.
    let frame: Frame

    /// The number of frames, 1 without animation.
    let frameCount: Int

    /// The metadata.
    let profile: WebPChunk?
    let exif: WebPChunk?
    let xmp: WebPChunk?

    /// The image, or the first one of an animation.
    struct Frame {
        /// The size, and whether its own pixels have alpha.
        var header = pixloom_webp_header()

        /// Where its upper left corner lies on the canvas.
        var x = 0
        var y = 0

        /// The chunks ALPH and VP8, or VP8L.
        var imageData = 0..<0
    }

    private static let riffHeaderByteCount = 12

    /// Walks the chunks of a file.
    ///
    /// - Throws: ``CodecError`` where pixels can't be had, with the chunk and its offset.
    init(_ bytes: borrowing Span<UInt8>) throws(CodecError) {
        guard ImageFormat(firstBytes: bytes) == .webp else {
            throw .malformed(.webp, "the first 12 bytes are not those of RIFF and WEBP")
        }
        let announced = bytes.littleEndian32(at: 4) + WebPChunk.headerByteCount
        guard announced <= bytes.count else {
            throw .malformed(
                .webp, "the file is truncated: \(announced) bytes announced, \(bytes.count) present"
            )
        }
        var canvas: ImageSize?
        var chunks: [String: WebPChunk] = [:]
        var frame: Frame?
        var frameCount = 0
        var offset = Self.riffHeaderByteCount
        while let chunk = WebPChunk(at: offset, before: announced, of: bytes) {
            try chunk.check()
            switch chunk.name {
            case "VP8X": canvas = try Self.canvas(chunk, in: bytes)
            case "ANMF":
                frameCount += 1
                if frame == nil { frame = try Self.animationFrame(chunk, in: bytes) }
            case "ALPH", "VP8 ", "VP8L":
                guard frame == nil else { break }
                frame = try Self.frame(from: chunk, before: announced, in: bytes)
            case "ICCP", "EXIF", "XMP ":
                if chunks[chunk.name] == nil { chunks[chunk.name] = chunk }
            default: break
            }
            offset = chunk.end
        }
        guard let frame else {
            throw .malformed(.webp, "the file ends at \(announced) bytes without an image")
        }
        guard
            let frameSize = ImageSize(
                width: Int(frame.header.width), height: Int(frame.header.height))
        else { throw .malformed(.webp, "the image has no pixels") }
        size = canvas ?? frameSize
        let isInside =
            frame.x + frameSize.width <= size.width && frame.y + frameSize.height <= size.height
        guard isInside, frameSize == size || frameCount > 0 else {
            throw .malformed(.webp, "the image is \(frameSize), the chunk VP8X announces \(size)")
        }
        self.frame = frame
        self.frameCount = max(frameCount, 1)
        hasAlpha = frame.header.has_alpha || frameSize != size
        (profile, exif, xmp) = (chunks["ICCP"], chunks["EXIF"], chunks["XMP "])
    }

    /// The size of the canvas in VP8X, in two numbers of 24 bits that are one less.
    private static func canvas(
        _ chunk: WebPChunk, in bytes: borrowing Span<UInt8>
    ) throws(CodecError) -> ImageSize? {
        guard chunk.content.count >= 10 else {
            throw chunk.malformed("has \(chunk.content.count) bytes instead of 10")
        }
        let start = chunk.content.lowerBound
        return ImageSize(
            width: 1 + bytes.littleEndian24(at: start + 4),
            height: 1 + bytes.littleEndian24(at: start + 7))
    }

    /// The frame in ANMF: 16 bytes, of which the first six are half its place, then an image.
    private static func animationFrame(
        _ chunk: WebPChunk, in bytes: borrowing Span<UInt8>
    ) throws(CodecError) -> Frame {
        let start = chunk.content.lowerBound
        guard chunk.content.count >= 16,
            let image = WebPChunk(at: start + 16, before: chunk.content.upperBound, of: bytes)
        else { throw chunk.malformed("has \(chunk.content.count) bytes and no image in it") }
        var frame = try frame(from: image, before: chunk.content.upperBound, in: bytes)
        frame.x = 2 * bytes.littleEndian24(at: start)
        frame.y = 2 * bytes.littleEndian24(at: start + 3)
        return frame
    }

    private static func frame(
        from chunk: WebPChunk, before limit: Int, in bytes: borrowing Span<UInt8>
    ) throws(CodecError) -> Frame {
        var frame = Frame(imageData: chunk.offset..<limit)
        let status = unsafe bytes.extracting(frame.imageData).withUnsafeBufferPointer {
            unsafe pixloom_webp_read_header($0.baseAddress, $0.count, &frame.header)
        }
        guard status == PIXLOOM_WEBP_DONE else {
            throw chunk.malformed("has no image header that makes sense")
        }
        return frame
    }
}
