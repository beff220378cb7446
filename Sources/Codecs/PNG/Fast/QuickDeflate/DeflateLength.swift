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
    ///
    /// Whether a length is short is no pattern, so nothing branches on it.
    @inline(__always)
    init(_ length: Int) {
        let offset = length &- Self.shortest
        // Four symbols for each power of two, and one for each length below eight.
        let count = max(0, 61 &- offset.leadingZeroBitCount)
        let isLongest = length == Self.longest
        symbol = isLongest ? 285 : 257 &+ 4 &* count &+ offset &>> count
        extraBitCount = isLongest ? 0 : count
        extraBits = isLongest ? 0 : UInt64(truncatingIfNeeded: offset & (1 &<< count &- 1))
    }
}
