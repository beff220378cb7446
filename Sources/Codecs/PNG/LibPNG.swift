internal import CPNG
internal import Images
internal import Profiling

/// libpng behind spans: every colour type, depth and interlacing.
enum LibPNG {
    private static let messageByteCount = 120

    /// Decodes all pixels of a file.
    ///
    /// - Parameters:
    ///   - file: What the walk over `bytes` found.
    ///   - bytes: The whole file.
    ///   - layout: What `file` decodes to.
    ///   - pixels: Receives the rows of `layout`.
    ///   - checkpoint: Asked every 16 rows of every pass.
    /// - Returns: What was wrong and did not matter.
    /// - Throws: ``CodecError`` if the pixels are not all there or the checkpoint ends the work.
    static func read(
        _ file: PNGFile, of bytes: borrowing Span<UInt8>, as layout: PixelLayout,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(CodecError) -> [String] {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        try checkImageData(of: file, in: bytes)
        let (start, rest) = (file.chunksBeforeImageData(of: bytes), file.imageDataTail(of: bytes))
        var findings = pixloom_png_findings()
        let imageData = bytes.extracting(file.imageData)
        let (status, interruption) = unsafe CheckpointPoll.ask(checkpoint) { poll, context in
            unsafe pixels.withUnsafeMutableBytes { pixels in
                unsafe withParts(start.span, imageData, rest.span) { parts in
                    unsafe pixloom_png_read(
                        parts, parts.count, pixels.baseAddress, layout.bytesPerRow, poll, context,
                        &findings)
                }
            }
        }
        let message = unsafe withUnsafeBytes(of: &findings.message) {
            unsafe String(libraryMessage: $0)
        }
        if status == PIXLOOM_PNG_DONE {
            return warnings(message, in: file)
        }
        throw error(
            status, message: message, rowCount: Int(findings.row_count), of: file,
            interruption: interruption)
    }

    /// Encodes pixels to a file, with `metadataChunks`, which are whole, right after the header.
    static func write(
        _ pixels: RawSpan, as layout: PixelLayout, effort: EncodeOptions.PNGEffort,
        metadataChunks: [UInt8], checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8] {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        let header = pixloom_png_header(
            width: UInt32(layout.width), height: UInt32(layout.height),
            color_type: PNGHeader.ColorType(layout.format).rawValue,
            bit_depth: UInt8(layout.format.bitsPerSample))
        var file = unsafe pixloom_png_file()
        var message = [CChar](repeating: 0, count: messageByteCount)

        let (status, interruption) = unsafe CheckpointPoll.ask(checkpoint) { poll, context in
            unsafe pixels.withUnsafeBytes { pixels in
                unsafe pixloom_png_write(
                    header, pixels.baseAddress, layout.bytesPerRow, compressionLevel(effort), poll,
                    context, &file, &message)
            }
        }
        defer { unsafe pixloom_png_free(file) }
        switch status {
        case PIXLOOM_PNG_DONE: break
        case PIXLOOM_PNG_STOPPED: throw .interrupted(interruption ?? .cancelled)
        case PIXLOOM_PNG_OUT_OF_MEMORY: throw .libraryFailed("libpng: out of memory")
        default:
            throw unsafe .libraryFailed(
                "libpng: " + message.withUnsafeBytes(String.init(libraryMessage:)))
        }
        let encoded = unsafe UnsafeBufferPointer(start: file.bytes, count: file.count)
        let headerEnd =
            PNGFile.signatureByteCount + PNGChunk.frameByteCount + PNGHeader.byteCount
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.count + metadataChunks.count)
        unsafe bytes.append(contentsOf: encoded[..<headerEnd])
        bytes.append(contentsOf: metadataChunks)
        unsafe bytes.append(contentsOf: encoded[headerEnd...])
        return bytes
    }

    private static func compressionLevel(_ effort: EncodeOptions.PNGEffort) -> CInt {
        switch effort {
        case .fast: 1
        case .balanced: 6
        case .small: 9
        }
    }
}

// What libpng is given, and what its words mean.
extension LibPNG {
    /// Throws at the first whole chunk of pixels with a wrong checksum, since libpng does not look.
    private static func checkImageData(
        of file: PNGFile, in bytes: borrowing Span<UInt8>
    ) throws(CodecError) {
        var offset = file.imageData.lowerBound
        while offset < file.imageData.upperBound, let chunk = PNGChunk(at: offset, of: bytes) {
            try chunk.check(in: bytes)
            offset = chunk.end
        }
    }

    private static func withParts<Result>(
        _ first: Span<UInt8>, _ second: Span<UInt8>, _ third: Span<UInt8>,
        _ body: ([pixloom_png_part]) -> Result
    ) -> Result {
        unsafe first.withUnsafeBufferPointer { first in
            unsafe second.withUnsafeBufferPointer { second in
                unsafe third.withUnsafeBufferPointer { third in
                    let parts = unsafe [first, second, third].filter { !$0.isEmpty }
                    return unsafe body(
                        parts.map {
                            unsafe pixloom_png_part(bytes: $0.baseAddress, count: $0.count)
                        })
                }
            }
        }
    }

    private static func warnings(_ message: String, in file: PNGFile) -> [String] {
        if let chunk = file.truncatedImageData {
            ["\(chunk.truncated), all pixels were there"]
        } else if !message.isEmpty {
            ["the pixel data does not end after the last row: \(message)"]
        } else {
            []
        }
    }

    private static func error(
        _ status: pixloom_png_status, message: String, rowCount: Int, of file: PNGFile,
        interruption: Interruption?
    ) -> CodecError {
        switch status {
        case PIXLOOM_PNG_STOPPED: return .interrupted(interruption ?? .cancelled)
        case PIXLOOM_PNG_OUT_OF_MEMORY: return .libraryFailed("libpng: out of memory")
        case PIXLOOM_PNG_ENDED_EARLY:
            if let chunk = file.truncatedImageData { return chunk.truncated }
            return .malformed(
                .png, "the pixel data ends in row \(rowCount) of \(file.header.size.height)")
        default:
            return .malformed(
                .png,
                "the pixel data is damaged in row \(rowCount) of \(file.header.size.height): "
                    + message)
        }
    }
}

extension PNGFile {
    /// The signature and the chunks before the pixels that say what they mean.
    fileprivate func chunksBeforeImageData(of bytes: borrowing Span<UInt8>) -> [UInt8] {
        let headerEnd =
            Self.signatureByteCount + PNGChunk.frameByteCount + PNGHeader.byteCount
        var chunks = Array(copying: bytes.extracting(0..<headerEnd))
        if let palette {
            chunks.append(chunk: .palette, Array(copying: bytes.extracting(palette)))
        }
        if let transparency {
            chunks.append(chunk: .transparency, Array(copying: bytes.extracting(transparency)))
        }
        return chunks
    }

    /// The content of the chunk IDAT that is cut off, as a chunk that is whole.
    fileprivate func imageDataTail(of bytes: borrowing Span<UInt8>) -> [UInt8] {
        guard let chunk = truncatedImageData else { return [] }
        var tail: [UInt8] = []
        tail.append(chunk: .imageData, Array(copying: bytes.extracting(chunk.content)))
        return tail
    }
}
