/// The SHA-256 of a file's bytes (FIPS 180-4), by which a ledger knows its outputs.
public struct ContentHash: Hashable, Sendable {
    /// The eight words of the hash, the first of them first: no memory of its own, since each
    /// output has one.
    public let words: SIMD8<UInt32>

    /// Hashes bytes.
    public init(of bytes: Span<UInt8>) {
        #if HAVE_CRYPTO
            words = OpenSSLSHA256.hash(bytes)
        #else
            words = SHA256.hash(bytes)
        #endif
    }

    /// 64 hexadecimal digits, in lower case as sha256sum(1) writes them.
    public var hexadecimal: String {
        words.indices.map { index in
            let digits = String(words[index], radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}
