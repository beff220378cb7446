/// Finds repetitions quickly, and gives up quickly where there are none.
///
/// It is greedy and looks at one candidate: the last place seen with the same hash of its next bytes
/// (as LZRW1 does; Williams, 1991). Filtered photographs have next to none besides runs of a byte,
/// so that while nothing is found only every eighth byte is looked at.
@safe
struct MatchSearch: ~Copyable {
    private let places: UnsafeMutablePointer<UInt32>
    private let tokens: UnsafeMutablePointer<DeflateToken>
    private static let hashBitCount = 12

    /// The bytes that are compared at once. Shorter matches save nothing in photographs: with 5 the
    /// files are 2 % larger and the search takes longer.
    private static let shortestMatch = 8

    /// The most bytes of a block.
    let largestBlock: Int

    /// Prepares for blocks of at most `largestBlock` bytes.
    init(largestBlock: Int) {
        self.largestBlock = largestBlock
        unsafe places = .allocate(capacity: 1 << Self.hashBitCount)
        // Each token but the last copies at least 3 bytes.
        unsafe tokens = .allocate(capacity: largestBlock / 3 + 1)
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
        let places = unsafe places
        var next = unsafe tokens
        var literalStart = block.lowerBound
        var i = block.lowerBound
        while i &+ Self.shortestMatch <= block.upperBound {
            let word = unsafe Self.word(input + i)
            var distance = 1
            if unsafe i == 0 || Self.word(input + i - 1) != word {
                let hash = Int(truncatingIfNeeded: (word &* 0x9E37_79B1_85EB_CA87) >> 52)
                let place = unsafe Int(places[hash])
                unsafe places[hash] = UInt32(truncatingIfNeeded: i)
                distance = i &- place
                guard distance > 0, distance <= DeflateSymbols.farthestDistance,
                    unsafe Self.word(input + place) == word
                else {
                    i &+= min(8, 1 &+ (i &- literalStart) &>> 3)
                    continue
                }
            }
            // What was skipped may be part of it.
            while i > literalStart && i > distance {
                guard unsafe input[i - 1] == input[i - 1 - distance] else { break }
                i &-= 1
            }
            let end = unsafe Self.end(of: i, distance: distance, below: block.upperBound, input)
            var literalCount = UInt32(truncatingIfNeeded: i &- literalStart)
            // In pieces that deflate can express, none of them too short.
            while i < end {
                var length = min(end &- i, DeflateSymbols.longestMatch)
                if end &- i &- length == 1 || end &- i &- length == 2 { length &-= 2 }
                unsafe next.pointee = DeflateToken(
                    literalCount: literalCount, length: UInt16(truncatingIfNeeded: length),
                    distance: UInt16(truncatingIfNeeded: distance))
                unsafe next += 1
                i &+= length
                literalCount = 0
            }
            literalStart = i
        }
        unsafe next.pointee = DeflateToken(
            literalCount: UInt32(block.upperBound - literalStart), length: 0, distance: 0)
        return unsafe UnsafeBufferPointer(start: tokens, count: next - tokens + 1)
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
