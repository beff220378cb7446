internal import CDeflate

/// Deflates whole buffers to deflate streams (RFC 1951) at one level: a libdeflate compressor.
///
/// Making one costs an allocation of 0.1 to 9 MB, more at higher levels; use it again.
@safe
struct Deflater: ~Copyable {
    private let compressor: OpaquePointer

    /// How hard it tries: 0 (not at all) to 12.
    let level: Int

    /// Makes a deflater, or nil where there is no memory for it.
    ///
    /// - Parameter level: 0 (none) to 12 (slowest); libdeflate refuses others.
    init?(level: Int) {
        guard let compressor = unsafe libdeflate_alloc_compressor(CInt(level)) else { return nil }
        unsafe self.compressor = compressor
        self.level = level
    }

    deinit { unsafe libdeflate_free_compressor(compressor) }

    /// The most bytes that a stream for `byteCount` bytes may take, whatever the level.
    static func largestByteCount(for byteCount: Int) -> Int {
        libdeflate_deflate_compress_bound(nil, byteCount)
    }

    /// Deflates `input` to a stream at the start of `output`, which ends in the last byte's bits.
    ///
    /// - Returns: The stream's bytes, or nil if `output` cannot hold them; it always holds them if
    ///   it has ``largestByteCount(for:)`` bytes.
    mutating func deflate(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let byteCount = unsafe libdeflate_deflate_compress(
            compressor, input.baseAddress, input.count, output.baseAddress, output.count)
        return byteCount == 0 ? nil : byteCount
    }
}
