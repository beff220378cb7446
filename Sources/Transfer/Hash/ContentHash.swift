/// The SHA-256 of a file's bytes (FIPS 180-4), by which a ledger knows its outputs.
public struct ContentHash: Hashable, Sendable {
    /// The 32 bytes of the hash.
    public let bytes: [UInt8]

    /// Hashes bytes.
    public init(of bytes: Span<UInt8>) {
        #if HAVE_CRYPTO
            self.bytes = OpenSSLSHA256.hash(bytes)
        #else
            self.bytes = SHA256.hash(bytes)
        #endif
    }

    /// 64 hexadecimal digits, in lower case as sha256sum(1) writes them.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }
}
