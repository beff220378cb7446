public import SystemCalls

/// A hash that is the same on every machine and in every release: FNV-1a of 64 bits (Fowler, Noll,
/// Vo; draft-eastlake-fnv), finished as in MurmurHash3 so that all bits depend on all bytes.
public struct StableHash: Hashable, Sendable {
    /// The hash.
    public let value: UInt64

    /// Hashes bytes.
    public init(_ bytes: [UInt8]) {
        var hasher = StableHasher()
        hasher.combine(bytes)
        self = hasher.hash
    }

    init(value: UInt64) { self.value = value }

    /// 16 hexadecimal digits.
    public var hexadecimal: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Makes the ``StableHash`` of bytes that come in pieces, without putting them together.
struct StableHasher {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Appends bytes.
    mutating func combine(_ bytes: [UInt8]) {
        for byte in bytes { combine(byte) }
    }

    /// Appends the bytes of a text.
    mutating func combine(_ text: String) {
        for byte in text.utf8 { combine(byte) }
    }

    private mutating func combine(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    /// The hash of all that was appended.
    var hash: StableHash {
        var hash = state
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return StableHash(value: hash ^ hash >> 33)
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
