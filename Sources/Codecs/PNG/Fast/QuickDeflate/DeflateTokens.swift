/// The tokens of one block, in memory that each block uses again.
@safe
struct DeflateTokens: ~Copyable {
    private let start: UnsafeMutablePointer<DeflateToken>
    private var count = 0

    /// Prepares for blocks of at most `largestBlock` bytes.
    init(largestBlock: Int) {
        // Each token but the last copies at least 3 bytes.
        unsafe start = .allocate(capacity: largestBlock / 3 + 1)
    }

    deinit { unsafe start.deallocate() }

    /// Begins a block.
    mutating func removeAll() { count = 0 }

    /// Appends literals and a copy of any length, in pieces that deflate can express.
    ///
    /// - Parameters:
    ///   - literalCount: The bytes before the copy that stand for themselves.
    ///   - length: The bytes that are copied, at least 3.
    ///   - distance: How far before them the others lie, 1 to 32768.
    @inline(__always)
    mutating func append(literalCount: Int, copyOf length: Int, from distance: Int) {
        var (literalCount, rest) = (UInt32(truncatingIfNeeded: literalCount), length)
        while rest > 0 {
            var piece = min(rest, DeflateLength.longest)
            // None too short.
            if rest &- piece == 1 || rest &- piece == 2 { piece &-= 2 }
            unsafe start[count] = DeflateToken(
                literalCount: literalCount, copyLength: UInt16(truncatingIfNeeded: piece),
                distance: UInt16(truncatingIfNeeded: distance))
            count &+= 1
            rest &-= piece
            literalCount = 0
        }
    }

    /// Ends the block with literals.
    ///
    /// - Returns: All its tokens, valid until the next block begins.
    mutating func end(literalCount: Int) -> UnsafeBufferPointer<DeflateToken> {
        unsafe start[count] = DeflateToken(
            literalCount: UInt32(truncatingIfNeeded: literalCount), copyLength: 0, distance: 0)
        count &+= 1
        return unsafe UnsafeBufferPointer(start: start, count: count)
    }
}
