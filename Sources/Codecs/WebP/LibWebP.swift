internal import CWebP
internal import Images
internal import Profiling

/// libwebp behind spans.
enum LibWebP {
    /// Decodes the first frame of a file onto its canvas.
    ///
    /// - Parameters:
    ///   - file: What the walk over `bytes` found.
    ///   - bytes: The whole file.
    ///   - layout: The canvas.
    ///   - pixels: Receives the rows of `layout`.
    ///   - checkpoint: Asked every 32 KiB of the file.
    /// - Throws: ``CodecError`` if the pixels are not all there or the checkpoint ends the work.
    static func read(
        _ file: WebPFile, of bytes: borrowing Span<UInt8>, as layout: PixelLayout,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(CodecError) {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        let imageData = bytes.extracting(file.frame.imageData)
        var header = file.frame.header
        header.has_alpha = layout.format.hasAlpha
        let start =
            file.frame.y * layout.bytesPerRow + file.frame.x * layout.format.bytesPerPixel
        let (status, interruption) = unsafe CheckpointPoll.ask(checkpoint) { poll, context in
            unsafe pixels.withUnsafeMutableBytes { pixels in
                if file.size.pixelCount > Int(header.width) * Int(header.height) {
                    unsafe pixels.initializeMemory(as: UInt8.self, repeating: 0)
                }
                return unsafe imageData.withUnsafeBufferPointer {
                    unsafe pixloom_webp_read(
                        $0.baseAddress, $0.count, header, pixels.baseAddress?.advanced(by: start),
                        layout.bytesPerRow, poll, context)
                }
            }
        }
        switch status {
        case PIXLOOM_WEBP_DONE: return
        case PIXLOOM_WEBP_STOPPED: throw .interrupted(interruption ?? .cancelled)
        case PIXLOOM_WEBP_OUT_OF_MEMORY: throw .libraryFailed("libwebp: out of memory")
        case PIXLOOM_WEBP_ENDED_EARLY:
            throw .malformed(
                .webp, "the pixel data ends too early (offset \(file.frame.imageData.upperBound))")
        default:
            throw .malformed(
                .webp, "the pixel data is damaged (offset \(file.frame.imageData.lowerBound))")
        }
    }

    /// Encodes pixels to a file without metadata.
    static func write(
        _ pixels: RawSpan, as layout: PixelLayout, options: EncodeOptions, checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8] {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        var file = unsafe pixloom_webp_file()
        let (status, interruption) = unsafe CheckpointPoll.ask(checkpoint) { poll, context in
            unsafe pixels.withUnsafeBytes { pixels in
                let image = unsafe pixloom_webp_image(
                    pixels: pixels.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    width: UInt32(layout.width), height: UInt32(layout.height),
                    has_alpha: layout.format.hasAlpha, is_lossless: options.isLossless,
                    quality: CInt(min(max(options.quality, 1), 100)))
                return unsafe pixloom_webp_write(image, poll, context, &file)
            }
        }
        defer { unsafe pixloom_webp_free(file) }
        switch status {
        case PIXLOOM_WEBP_DONE:
            return unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
        case PIXLOOM_WEBP_STOPPED: throw .interrupted(interruption ?? .cancelled)
        case PIXLOOM_WEBP_OUT_OF_MEMORY: throw .libraryFailed("libwebp: out of memory")
        default: throw .libraryFailed("libwebp: the image can't be encoded")
        }
    }
}
