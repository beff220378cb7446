internal import CJPEG
internal import Images
internal import Profiling

/// libjpeg-turbo behind spans.
enum LibJPEG {
    /// The most scans that a file may have.
    ///
    /// A progressive file of a few kilobytes can have thousands, each of which costs as much as a
    /// whole decoding; real ones have about ten.
    private static let scanLimit = 500

    /// The bytes before which other markers may be put: SOI and the JFIF marker APP0.
    private static let startByteCount = 20

    /// Decodes all pixels of a file.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - layout: What it decodes to, shrunk.
    ///   - shrink: What the sides are divided by: 1, 2, 4 or 8.
    ///   - pixels: Receives the rows of `layout`.
    ///   - checkpoint: Asked for each row and each row of blocks in each scan.
    /// - Returns: What was wrong and did not matter.
    /// - Throws: ``CodecError`` if the pixels are not all there or the checkpoint ends the work.
    static func read(
        _ bytes: borrowing Span<UInt8>, as layout: PixelLayout, shrunkBy shrink: Int,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(CodecError) -> [String] {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        var findings = pixloom_jpeg_findings()
        let file = bytes.extracting(bytes.indices)
        let (status, interruption) = unsafe CheckpointPoll.ask(checkpoint) { poll, context in
            unsafe pixels.withUnsafeMutableBytes { pixels in
                unsafe file.withUnsafeBufferPointer { file in
                    let source = unsafe pixloom_jpeg_source(
                        bytes: file.baseAddress, count: file.count, shrink: UInt32(shrink),
                        scan_limit: UInt32(scanLimit), width: UInt32(layout.width),
                        height: UInt32(layout.height),
                        channel_count: CInt(layout.format.channelCount))
                    return unsafe pixloom_jpeg_read(
                        source, pixels.baseAddress, poll, context, &findings)
                }
            }
        }
        let message = unsafe withUnsafeBytes(of: &findings.message) {
            unsafe String(libraryMessage: $0)
        }
        switch status {
        case PIXLOOM_JPEG_DONE: return message.isEmpty ? [] : [message]
        case PIXLOOM_JPEG_STOPPED: throw .interrupted(interruption ?? .cancelled)
        case PIXLOOM_JPEG_TOO_MANY_SCANS:
            throw .malformed(.jpeg, "it has more than \(scanLimit) scans")
        case PIXLOOM_JPEG_DAMAGED:
            throw .malformed(
                .jpeg,
                "the pixel data is damaged in row \(findings.row_count) of \(layout.height): "
                    + message)
        case PIXLOOM_JPEG_UNSUPPORTED: throw .unsupported(.jpeg, message)
        case PIXLOOM_JPEG_OUT_OF_MEMORY: throw .libraryFailed("libjpeg: out of memory")
        default: throw .malformed(.jpeg, message)
        }
    }

    /// Encodes pixels to a file, with `metadataMarkers`, which are whole, right after the header.
    static func write(
        _ pixels: RawSpan, as layout: PixelLayout, options: EncodeOptions,
        metadataMarkers: [UInt8], checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8] {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        var file = unsafe pixloom_jpeg_file()
        var message = [CChar](repeating: 0, count: Int(PIXLOOM_JPEG_MESSAGE_SIZE))
        let (status, interruption) = unsafe CheckpointPoll.ask(checkpoint) { poll, context in
            unsafe pixels.withUnsafeBytes { pixels in
                let image = unsafe pixloom_jpeg_image(
                    pixels: pixels.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    width: UInt32(layout.width), height: UInt32(layout.height),
                    channel_count: CInt(layout.format.channelCount),
                    quality: CInt(min(max(options.quality, 1), 100)),
                    halves_chroma: options.chroma == .halved, is_progressive: options.isProgressive)
                return unsafe pixloom_jpeg_write(image, poll, context, &file, &message)
            }
        }
        defer { unsafe pixloom_jpeg_free(file) }
        switch status {
        case PIXLOOM_JPEG_DONE: break
        case PIXLOOM_JPEG_STOPPED: throw .interrupted(interruption ?? .cancelled)
        case PIXLOOM_JPEG_OUT_OF_MEMORY: throw .libraryFailed("libjpeg: out of memory")
        default:
            throw unsafe .libraryFailed(
                "libjpeg: " + message.withUnsafeBytes(String.init(libraryMessage:)))
        }
        let encoded = unsafe UnsafeBufferPointer(start: file.bytes, count: file.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.count + metadataMarkers.count)
        unsafe bytes.append(contentsOf: encoded[..<startByteCount])
        bytes.append(contentsOf: metadataMarkers)
        unsafe bytes.append(contentsOf: encoded[startByteCount...])
        return bytes
    }
}
