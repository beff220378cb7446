/// Finds repetitions quickly, and gives up quickly where there are none.
///
/// It is greedy and looks at one candidate: the last place seen with the same hash of its next bytes
/// (as LZRW1 does; Williams, 1991). Filtered photographs have next to none besides runs of a byte,
/// so that while nothing is found only every eighth byte is looked at.
@safe
struct MatchSearch: ~Copyable {
    private let places: UnsafeMutablePointer<UInt32>
    private let tokens: UnsafeMutablePointer<DeflateToken>
    private var tokenCount = 0

    private static let hashBitCount = 12
    private static let shortestMatch = 5

    /// The most bytes of a block.
    let largestBlock: Int

    /// Prepares for blocks of at most `largestBlock` bytes.
    init(largestBlock: Int) {
        self.largestBlock = largestBlock
        unsafe places = .allocate(capacity: 1 << Self.hashBitCount)
        // Each token but the last copies at least the shortest match.
        unsafe tokens = .allocate(capacity: largestBlock / Self.shortestMatch + 2)
    }

    deinit {
        unsafe places.deallocate()
        unsafe tokens.deallocate()
    }

    /// Forgets what was seen, before another input.
    mutating func reset() {
        unsafe places.initialize(repeating: 0, count: 1 << Self.hashBitCount)
    }

    /// Finds the tokens of one block.
    ///
    /// - Parameters:
    ///   - block: The bytes of it, at most ``largestBlock``.
    ///   - input: The whole input; bytes before the block are there to be copied.
    /// - Returns: The tokens, valid until the next call; their literals and copies make up the block.
    mutating func tokens(
        of block: Range<Int>, in input: UnsafePointer<UInt8>
    ) -> UnsafeBufferPointer<DeflateToken> {
        precondition(block.count <= largestBlock, "a block of \(block.count) bytes")
        tokenCount = 0
        var literalStart = block.lowerBound
        var i = block.lowerBound
        // Eight bytes are compared at once.
        while i &+ 8 <= block.upperBound {
            let word = unsafe Self.word(input + i)
            let hash = Int(truncatingIfNeeded: (word &<< 24 &* 0x9E37_79B1_85EB_CA87) >> 52)
            let place = unsafe Int(places[hash])
            unsafe places[hash] = UInt32(truncatingIfNeeded: i)

            var distance = 0
            if unsafe i > 0 && Self.word(input + i - 1) == word {
                distance = 1
            } else if unsafe Self.isMatch(place, i, word, input) {
                distance = i &- place
            }
            if distance == 0 {
                i &+= min(8, 1 &+ (i &- literalStart) &>> 5)
                continue
            }
            // What was skipped may be part of it.
            while i > literalStart && i > distance {
                guard unsafe input[i - 1] == input[i - 1 - distance] else { break }
                i &-= 1
            }
            let end = unsafe Self.end(of: i, distance: distance, below: block.upperBound, input)
            add(literalCount: i - literalStart, length: end - i, distance: distance)
            i = end
            literalStart = i
        }
        unsafe tokens[tokenCount] = DeflateToken(
            literalCount: UInt32(block.upperBound - literalStart), length: 0, distance: 0)
        return unsafe UnsafeBufferPointer(start: tokens, count: tokenCount + 1)
    }

    /// Adds a copy in pieces that deflate can express, none of them too short.
    private mutating func add(literalCount: Int, length: Int, distance: Int) {
        var literalCount = UInt32(literalCount)
        var rest = length
        while rest > 0 {
            var piece = min(rest, DeflateSymbols.longestMatch)
            if (1..<DeflateSymbols.shortestMatch).contains(rest - piece) {
                piece -= DeflateSymbols.shortestMatch
            }
            unsafe tokens[tokenCount] = DeflateToken(
                literalCount: literalCount, length: UInt16(piece), distance: UInt16(distance))
            tokenCount += 1
            rest -= piece
            literalCount = 0
        }
    }

    /// Whether the bytes at `place`, which may be anything, are those of `word` and near enough.
    @inline(__always)
    private static func isMatch(
        _ place: Int, _ i: Int, _ word: UInt64, _ input: UnsafePointer<UInt8>
    ) -> Bool {
        guard place < i, i &- place <= DeflateSymbols.farthestDistance else { return false }
        return unsafe (Self.word(input + place) ^ word) &<< 24 == 0
    }

    /// The first byte from `i` on that is not as `distance` before.
    @inline(__always)
    private static func end(
        of i: Int, distance: Int, below end: Int, _ input: UnsafePointer<UInt8>
    ) -> Int {
        var i = i
        while i &+ 8 <= end {
            let difference = unsafe word(input + i) ^ word(input + i - distance)
            if difference != 0 { return i &+ difference.trailingZeroBitCount &>> 3 }
            i &+= 8
        }
        while i < end, unsafe input[i] == input[i - distance] { i &+= 1 }
        return i
    }

    @inline(__always)
    private static func word(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    }
}
