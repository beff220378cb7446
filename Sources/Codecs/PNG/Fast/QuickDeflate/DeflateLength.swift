/// A length of a copy as deflate writes it: a symbol, and some extra bits (RFC 1951, clause 3.2.5).
struct DeflateLength {
    /// 257 to 285.
    let symbol: Int

    /// The number that the symbol leaves open, in so many bits.
    let extraBits: UInt64
    let extraBitCount: Int

    static let shortest = 3
    static let longest = 258

    /// The code of a length, 3 to 258.
    @inline(__always)
    init(_ length: Int) {
        let offset = length &- Self.shortest
        if offset < 8 || length == Self.longest {
            symbol = length == Self.longest ? 285 : 257 &+ offset
            (extraBits, extraBitCount) = (0, 0)
            return
        }
        // Four symbols for each power of two.
        extraBitCount = 61 &- offset.leadingZeroBitCount
        symbol = 257 &+ 4 &* (extraBitCount &+ 1) &+ (offset &>> extraBitCount) & 3
        extraBits = UInt64(truncatingIfNeeded: offset & (1 &<< extraBitCount &- 1))
    }
}
