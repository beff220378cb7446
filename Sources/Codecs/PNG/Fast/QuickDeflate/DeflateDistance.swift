/// A distance of a copy as deflate writes it: a symbol, and some extra bits (RFC 1951, clause 3.2.5).
struct DeflateDistance {
    /// 0 to 29.
    let symbol: Int

    /// The number that the symbol leaves open, in so many bits.
    let extraBits: UInt64
    let extraBitCount: Int

    static let longest = 32_768

    /// The code of a distance, 1 to 32768.
    @inline(__always)
    init(_ distance: Int) {
        let offset = distance &- 1
        // Two symbols for each power of two, and one for each distance below four.
        extraBitCount = max(0, 62 &- offset.leadingZeroBitCount)
        symbol = 2 &* extraBitCount &+ offset &>> extraBitCount
        extraBits = UInt64(truncatingIfNeeded: offset & (1 &<< extraBitCount &- 1))
    }
}
