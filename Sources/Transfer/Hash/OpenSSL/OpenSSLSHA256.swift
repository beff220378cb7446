internal import CCrypto

/// SHA-256 by libcrypto.
enum OpenSSLSHA256 {
    /// The eight words of the hash.
    ///
    /// The calls are the old ones, which work on a structure of the caller's: the new ones look the
    /// algorithm up for each hash, which takes as long as hashing an icon.
    static func hash(_ bytes: Span<UInt8>) -> SIMD8<UInt32> {
        var context = SHA256_CTX()
        var digest = SIMD8<UInt32>()
        unsafe SHA256_Init(&context)
        unsafe bytes.withUnsafeBufferPointer { source in
            _ = unsafe SHA256_Update(&context, source.baseAddress, source.count)
        }
        unsafe withUnsafeMutableBytes(of: &digest) { target in
            _ = unsafe SHA256_Final(
                target.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
        }
        for index in digest.indices { digest[index] = UInt32(bigEndian: digest[index]) }
        return digest
    }
}
