internal import CDeflate

/// Inflates whole zlib streams (RFC 1950): one libdeflate decompressor with its tables.
///
/// Making one costs an allocation of some 12 KiB; use it again for the next image.
@safe
struct Inflater: ~Copyable {
    private let decompressor: OpaquePointer

    /// Makes an inflater, or nil where there is no memory for it.
    init?() {
        guard let decompressor = unsafe libdeflate_alloc_decompressor() else { return nil }
        unsafe self.decompressor = decompressor
    }

    deinit { unsafe libdeflate_free_decompressor(decompressor) }

    /// Inflates a stream that is expected to fill `output` to its last byte.
    ///
    /// - Returns: True if the stream is sound, its Adler-32 right, `input` has no byte after it and
    ///   it filled `output` exactly. Never writes past `output`, whatever `input` holds.
    mutating func inflate(
        _ input: UnsafeRawBufferPointer, filling output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        var usedByteCount = 0
        // Without a place for the count of inflated bytes, fewer than asked for are an error.
        let result = unsafe libdeflate_zlib_decompress_ex(
            decompressor, input.baseAddress, input.count, output.baseAddress, output.count,
            &usedByteCount, nil)
        return result == LIBDEFLATE_SUCCESS && usedByteCount == input.count
    }
}
