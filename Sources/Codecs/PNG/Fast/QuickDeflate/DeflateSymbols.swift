/// The alphabets of deflate (RFC 1951, clause 3.2.5): which symbol and how many extra bits stand for
/// a length or a distance.
enum DeflateSymbols {
    /// Literals 0 to 255, the end of a block, lengths.
    static let literalAndLengthCount = 286
    static let distanceCount = 30
    static let endOfBlock = 256

    static let shortestMatch = 3
    static let longestMatch = 258
    static let farthestDistance = 32768

    /// A symbol, and the number behind it with its count of bits.
    struct Code {
        let symbol: Int
        let extraBits: UInt64
        let extraBitCount: Int
    }

    /// The code of a length, 3 to 258.
    @inline(__always)
    static func length(_ length: Int) -> Code {
        if length == longestMatch { return Code(symbol: 285, extraBits: 0, extraBitCount: 0) }
        let offset = length &- shortestMatch
        if offset < 8 { return Code(symbol: 257 &+ offset, extraBits: 0, extraBitCount: 0) }
        // Four symbols for each power of two.
        let extra = 61 &- offset.leadingZeroBitCount
        return Code(
            symbol: 257 &+ 4 &* (extra &+ 1) &+ (offset &>> extra) & 3,
            extraBits: UInt64(truncatingIfNeeded: offset & (1 &<< extra &- 1)),
            extraBitCount: extra)
    }

    /// The code of a distance, 1 to 32768.
    @inline(__always)
    static func distance(_ distance: Int) -> Code {
        let offset = distance &- 1
        if offset < 4 { return Code(symbol: offset, extraBits: 0, extraBitCount: 0) }
        // Two symbols for each power of two.
        let extra = 62 &- offset.leadingZeroBitCount
        return Code(
            symbol: 2 &* (extra &+ 1) &+ (offset &>> extra) & 1,
            extraBits: UInt64(truncatingIfNeeded: offset & (1 &<< extra &- 1)),
            extraBitCount: extra)
    }
}
