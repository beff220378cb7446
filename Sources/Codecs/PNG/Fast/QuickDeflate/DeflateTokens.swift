/// The tokens of one block and their literals, in memory that each block uses again.
@safe
struct DeflateTokens: ~Copyable {
    private let tokens: UnsafeMutablePointer<DeflateToken>
    private var tokenCount = 0

    /// The literals of all tokens, one after the other.
    private let literals: UnsafeMutablePointer<UInt8>
    private var literalCount = 0

    /// The block that is divided.
    private var block: Range<UnsafePointer<UInt8>>

    /// The literals that are copied without a look at how many there are.
    private static let literalsAtOnce = 16

    /// Prepares for blocks of at most `largestBlock` bytes.
    init(largestBlock: Int) {
        // Each token but the last copies at least 3 bytes.
        unsafe tokens = .allocate(capacity: largestBlock / 3 + 1)
        let byteCount = largestBlock + Self.literalsAtOnce
        unsafe literals = .allocate(capacity: byteCount)
        unsafe literals.initialize(repeating: 0, count: byteCount)
        unsafe block = UnsafePointer(literals)..<UnsafePointer(literals)
    }

    deinit {
        unsafe tokens.deallocate()
        unsafe literals.deallocate()
    }

    /// Begins a block of at most as many bytes as were announced, which must stay where it is until
    /// the next one.
    mutating func begin(_ block: Range<UnsafePointer<UInt8>>) {
        unsafe self.block = block
        (tokenCount, literalCount) = (0, 0)
    }

    /// Appends literals and a copy of any length, in pieces that deflate can express.
    ///
    /// - Parameters:
    ///   - bytes: What lies in the block before the copy and stands for itself.
    ///   - literalCount: How many these are.
    ///   - length: The bytes that are copied, at least 3.
    ///   - distance: How far before them the others lie, 1 to 32768.
    @inline(__always)
    mutating func append(
        _ bytes: UnsafePointer<UInt8>, literalCount: Int, copyOf length: Int, from distance: Int
    ) {
        unsafe append(literals: bytes, count: literalCount)
        var (literalCount, rest) = (UInt32(truncatingIfNeeded: literalCount), length)
        while rest > 0 {
            var piece = min(rest, DeflateLength.longest)
            // None too short.
            if rest &- piece == 1 || rest &- piece == 2 { piece &-= 2 }
            unsafe tokens[tokenCount] = DeflateToken(
                literalCount: literalCount, copyLength: UInt16(truncatingIfNeeded: piece),
                distance: UInt16(truncatingIfNeeded: distance))
            tokenCount &+= 1
            rest &-= piece
            literalCount = 0
        }
    }

    /// Ends the block: `rest` and what follows it are literals.
    ///
    /// - Returns: All of the block, valid until the next one begins.
    mutating func end(_ rest: UnsafePointer<UInt8>) -> DividedBlock {
        let (start, end) = unsafe (block.lowerBound, block.upperBound)
        let count = unsafe end - rest
        unsafe append(literals: rest, count: count)
        unsafe tokens[tokenCount] = DeflateToken(
            literalCount: UInt32(truncatingIfNeeded: count), copyLength: 0, distance: 0)
        tokenCount &+= 1
        return unsafe DividedBlock(
            bytes: UnsafeBufferPointer(start: start, count: end - start),
            tokens: UnsafeBufferPointer(start: tokens, count: tokenCount),
            literals: UnsafeBufferPointer(start: literals, count: literalCount))
    }

    @inline(__always)
    private mutating func append(literals bytes: UnsafePointer<UInt8>, count: Int) {
        let target = unsafe UnsafeMutableRawPointer(literals + literalCount)
        // Nearly always a few: to copy just these takes a branch that no processor can foresee.
        if unsafe count <= Self.literalsAtOnce && bytes + Self.literalsAtOnce <= block.upperBound {
            unsafe target.storeBytes(
                of: UnsafeRawPointer(bytes).loadUnaligned(as: SIMD16<UInt8>.self),
                as: SIMD16<UInt8>.self)
        } else {
            unsafe target.copyMemory(from: bytes, byteCount: count)
        }
        literalCount &+= count
    }
}
