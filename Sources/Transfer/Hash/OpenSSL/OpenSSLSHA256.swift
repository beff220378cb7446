internal import CCrypto

/// SHA-256 by libcrypto.
enum OpenSSLSHA256 {
    /// The 32 bytes of the hash.
    static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe digest.withUnsafeMutableBufferPointer { target in
                _ = unsafe CCrypto.SHA256(source.baseAddress, source.count, target.baseAddress)
            }
        }
        return digest
    }
}
