/// Finds copies of eight bytes and more, and runs.
///
/// In filtered rows shorter copies mostly cost more than their literals: 6,000 icons of 105 MB become
/// 18.4 MB with these, 18.9 with libdeflate's level 5, which takes four times as long. Only one place
/// is remembered for each hash, which is enough for small images; in large drawings libdeflate finds
/// more. Most of the time goes into branches that no processor can foresee: what can be done without
/// one is.
@safe
struct CopySearch: ~Copyable {
    private var tokens: DeflateTokens
    private let largestBlock: Int

    /// For each hash the lower bits of the offset where it was seen last.
    private let places: UnsafeMutablePointer<UInt32>

    /// 16 KiB of places stay in the first-level cache; twice as many find nothing more.
    private static let hashBitCount = 12

    /// The bytes that are hashed: the shortest copy.
    private static let shortest = 8

    /// A copy that is as long is taken without a look at the next place.
    private static let longEnough = 32

    /// Prepares for blocks of at most `largestBlock` bytes.
    init(largestBlock: Int) {
        self.largestBlock = largestBlock
        tokens = DeflateTokens(largestBlock: largestBlock)
        unsafe places = .allocate(capacity: 1 << Self.hashBitCount)
    }

    deinit { unsafe places.deallocate() }

    /// Forgets what was seen: another input follows.
    mutating func reset() {
        unsafe places.initialize(repeating: 0, count: 1 << Self.hashBitCount)
    }

    /// Finds the tokens of one block.
    ///
    /// - Parameters:
    ///   - block: The bytes of it, at most as many as were announced; blocks come in their order.
    ///   - input: The whole input.
    ///   - step: The bytes of a pixel: copies are looked for in steps of so many.
    /// - Returns: The block as literals and copies, valid until the next call.
    mutating func tokens(
        of block: Range<Int>, in input: UnsafePointer<UInt8>, step: Int
    ) -> DividedBlock {
        precondition(block.count <= largestBlock, "a block of \(block.count) bytes")
        let end = block.upperBound
        unsafe tokens.begin(input + block.lowerBound..<input + end)
        var literalStart = block.lowerBound
        var i = max(block.lowerBound, 1)
        while i <= end &- Self.shortest {
            guard var copy = unsafe copy(to: i, below: end, input) else {
                i &+= step
                continue
            }
            // A longer one at the next pixel is worth a few more literals.
            let next = i &+ step
            if copy.end &- i < Self.longEnough, copy.distance != 1, next <= end &- Self.shortest,
                let other = unsafe self.copy(to: next, below: end, input),
                other.end &- next > copy.end &- i
            {
                copy = other
                i = next
            }
            unsafe remember(i, copy, below: end, input)
            var start = i
            // Mostly less than eight bytes, in one turn.
            var equalCount: Int
            repeat {
                equalCount = unsafe min(
                    start &- max(literalStart, copy.distance),
                    Self.equalByteCount(before: start, copy.distance, input))
                start &-= equalCount
            } while equalCount == 8
            unsafe tokens.append(
                input + literalStart, literalCount: start &- literalStart,
                copyOf: copy.end &- start, from: copy.distance)
            literalStart = copy.end
            // Nothing begins right behind a run: icons are 0.2 % smaller without such copies.
            i = copy.distance == 1 ? copy.end &+ step : copy.end
        }
        return unsafe tokens.end(input + literalStart)
    }

    private struct Copy {
        let distance: Int
        let end: Int
    }

    /// The copy that can begin at `i`, at least 1, of what was seen last with the same hash or of the
    /// byte before.
    @inline(__always)
    private func copy(to i: Int, below end: Int, _ input: UnsafePointer<UInt8>) -> Copy? {
        let word = unsafe Self.word(input + i)
        let slot = Self.slot(of: word)
        // In 32 bits the difference is right however large the input is.
        let offset = UInt32(truncatingIfNeeded: i)
        let distance = unsafe Int(offset &- places[slot])
        unsafe places[slot] = offset
        if unsafe word == Self.word(input + i - 1) {
            return unsafe Copy(distance: 1, end: Self.end(ofCopyTo: i, from: 1, below: end, input))
        }
        guard 1...DeflateDistance.longest ~= distance,
            unsafe word == Self.word(input + i - distance)
        else { return nil }
        return unsafe Copy(
            distance: distance, end: Self.end(ofCopyTo: i, from: distance, below: end, input))
    }

    /// Notes some places within a copy, always as many: what repeats is found by its first ones or
    /// ends with its last eight bytes, and to count them by the copy's length costs more time.
    @inline(__always)
    private func remember(_ i: Int, _ copy: Copy, below end: Int, _ input: UnsafePointer<UInt8>) {
        guard copy.end &+ 2 &* Self.shortest <= end else { return }
        // Within a run all places are alike but those at its end.
        let first = copy.distance == 1 ? copy.end &- 2 : i &+ 2
        unsafe remember(first, input)
        unsafe remember(first &+ 2, input)
        unsafe remember(copy.end &- 8, input)
        unsafe remember(copy.end &- 4, input)
        unsafe remember(copy.end &- 2, input)
        unsafe remember(copy.end &- 6, input)
    }

    @inline(__always)
    private func remember(_ place: Int, _ input: UnsafePointer<UInt8>) {
        let slot = unsafe Self.slot(of: Self.word(input + place))
        unsafe places[slot] = UInt32(truncatingIfNeeded: place)
    }

    /// How many of the eight bytes before `i` are equal to those `distance` before them, counted
    /// from the last one; none where there are no eight.
    @inline(__always)
    private static func equalByteCount(
        before i: Int, _ distance: Int, _ input: UnsafePointer<UInt8>
    ) -> Int {
        let start = i &- 8
        guard start >= distance else { return 0 }
        let difference = unsafe word(input + start) ^ word(input + start - distance)
        return difference.leadingZeroBitCount &>> 3
    }

    /// The first byte that is not equal to the one `distance` before, behind eight that are.
    @inline(__always)
    private static func end(
        ofCopyTo i: Int, from distance: Int, below end: Int, _ input: UnsafePointer<UInt8>
    ) -> Int {
        var i = i &+ 8
        while i &+ 8 <= end {
            let difference = unsafe word(input + i) ^ word(input + i - distance)
            if difference != 0 { return i &+ difference.trailingZeroBitCount &>> 3 }
            i &+= 8
        }
        while i < end, unsafe input[i] == input[i - distance] { i &+= 1 }
        return i
    }

    @inline(__always)
    private static func slot(of word: UInt64) -> Int {
        // Knuth's multiplicative hashing: 2⁶⁴ divided by the golden ratio.
        Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) &>> UInt64(64 - hashBitCount))
    }

    @inline(__always)
    private static func word(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    }
}
