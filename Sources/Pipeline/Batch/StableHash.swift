public import SystemCalls

/// A hash that is the same on every machine and in every release: FNV-1a of 64 bits (Fowler, Noll,
/// Vo; draft-eastlake-fnv), finished as in MurmurHash3 so that all bits depend on all bytes.
public struct StableHash: Hashable, Sendable {
    /// The hash.
    public let value: UInt64

    /// Hashes bytes.
    public init(_ bytes: [UInt8]) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        value = hash ^ hash >> 33
    }

    /// 16 hexadecimal digits.
    public var hexadecimal: String { Self.digits(value) }

    /// 16 hexadecimal digits of a hash.
    static func digits(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// One part of several that different machines convert: inputs are told apart by the hash of their
/// names, so every machine finds its own without speaking to the others.
public struct Shard: Hashable, Sendable {
    /// Which part, from 0.
    public let index: Int

    /// How many parts there are.
    public let count: Int

    /// Makes a shard, or nil where `index` is not below `count`.
    public init?(index: Int, count: Int) {
        guard count >= 1, (0..<count).contains(index) else { return nil }
        self.index = index
        self.count = count
    }

    /// Whether the source of this name belongs to this part.
    public func contains(_ name: BytePath) -> Bool {
        StableHash(name.bytes).value % UInt64(count) == UInt64(index)
    }
}
