internal import CTIFF
internal import Images
internal import Profiling

/// Encodes one page through libtiff.
enum TIFFWriter {
    private static let rowsBetweenChecks = 16

    /// The bytes of pixels up to which offsets of 32 bits surely suffice.
    private static let largestSmallFile = 3 << 30

    /// Encodes pixels to a file, with the profile, the EXIF tags and the XMP packet of `metadata`.
    static func write(
        _ pixels: RawSpan, as layout: PixelLayout, metadata: ImageMetadata, checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8] {
        precondition(pixels.byteCount == layout.byteCount, "the pixels have the size of the layout")
        let file = try TIFFHandle(writingBigFile: layout.byteCount > largestSmallFile)
        var isWritten = unsafe pixloom_tiff_begin_page(
            file.pointer, UInt32(layout.width), UInt32(layout.height),
            UInt16(layout.format.bitsPerSample), UInt16(layout.format.channelCount))
        if let profile = metadata.profile(for: layout.format) {
            isWritten = isWritten && set(PIXLOOM_TIFF_PROFILE, to: profile, in: file)
        }
        if let xmp = metadata.xmp {
            isWritten = isWritten && set(PIXLOOM_TIFF_XMP, to: xmp, in: file)
        }
        // Prediction happens in the memory that libtiff is given, so it gets a copy of each row.
        var row = [UInt8](repeating: 0, count: layout.bytesPerRow)
        for y in 0..<layout.height where isWritten {
            if y.isMultiple(of: rowsBetweenChecks) {
                do { try checkpoint.check() } catch { throw .interrupted(error) }
            }
            unsafe pixels.extracting(layout.byteRange(ofRow: y)).withUnsafeBytes { source in
                unsafe row.withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
            }
            isWritten = unsafe pixloom_tiff_write_row(file.pointer, &row, UInt32(y))
        }
        var count = 0
        guard isWritten, let bytes = unsafe pixloom_tiff_finish(file.pointer, &count) else {
            throw .libraryFailed("libtiff: \(file.message)")
        }
        let encoded = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
        guard let tags = metadata.exif.flatMap({ TagReader.directory(of: $0.span) }), !tags.isEmpty
        else { return encoded }
        return TagWriter.added(tags, toTIFF: encoded)
    }

    private static func set(
        _ tag: Int, to bytes: [UInt8], in file: borrowing TIFFHandle
    ) -> Bool {
        unsafe pixloom_tiff_set_bytes_of_tag(file.pointer, UInt32(tag), bytes, bytes.count)
    }
}
