/// How many bits of a block may be skipped at once, for whoever wants to know where it ends and not
/// what is in it.
///
/// An entry stands for as many symbols as its bits hold, mostly two or three. The bits that say after
/// a code which of several lengths or distances is meant are skipped with it.
struct SkipTable {
    /// The bits that are looked up: with more a block's table takes longer than it saves.
    private static let bitCount = 10

    /// The most bits that an entry says, so that three of them fit a word: two distances and between
    /// them a length, of at most 10 bits and 5 more.
    private static let mostBits = 20

    /// First what may come anywhere, then what comes after a length: both tables are in the nearest
    /// cache, and which one is next is no branch, which could not be foretold.
    private var entries = [UInt8](repeating: Entry.unclear.bits, count: 2 << bitCount)

    private let literals: CanonicalCode
    private let distances: CanonicalCode

    /// A number of bits in the lower six bits, what was the last of them in the upper two.
    struct Entry: Equatable {
        let bits: UInt8

        /// After it comes anything: it ends with a byte or with a distance.
        init(bitCount: Int) { bits = UInt8(truncatingIfNeeded: bitCount) }

        /// After it comes a distance.
        static func length(bitCount: Int) -> Entry { Entry(bits: 0x40 | UInt8(bitCount)) }

        /// It ends the block.
        static func end(bitCount: Int) -> Entry { Entry(bits: 0x80 | UInt8(bitCount)) }

        /// A code of more bits than the tables hold, or none.
        static let unclear = Entry(bits: 0xC0)

        @inline(__always)
        fileprivate init(bits: UInt8) { self.bits = bits }

        @inline(__always)
        var bitCount: Int { Int(bits & 0x3F) }

        /// Whether it is neither the end nor unclear.
        @inline(__always)
        var goesOn: Bool { bits < 0x80 }

        var isEnd: Bool { bits & 0xC0 == 0x80 }

        fileprivate var isLiteral: Bool { bits < 0x40 }

        /// Where in the table that comes next is which begins.
        @inline(__always)
        fileprivate var tableStart: Int { Int(bits & 0x40) &<< (SkipTable.bitCount &- 6) }
    }

    /// Fills the tables.
    init(_ literals: CanonicalCode, _ distances: CanonicalCode) {
        self.literals = literals
        self.distances = distances
        fill(literals, from: 0, Self.literal)
        joinLiterals()
        fill(distances, from: 1 << Self.bitCount, Self.distance)
    }

    private mutating func fill(
        _ code: CanonicalCode, from start: Int, _ meaning: (_ symbol: Int, _ length: Int) -> Entry?
    ) {
        let codes = code.codes
        for symbol in codes.indices {
            let length = Int(code.lengths[symbol])
            guard length > 0, length <= Self.bitCount, let entry = meaning(symbol, length),
                entry.bitCount <= Self.mostBits
            else { continue }

            var index = Int(codes[symbol])
            while index < 1 << Self.bitCount {
                entries[start &+ index] = entry.bits
                index &+= 1 &<< length
            }
        }
    }

    /// Lets the entry of a literal take what follows it as far as that is known, and then once more.
    private mutating func joinLiterals() {
        var entries = entries.mutableSpan
        let mostBits = UInt8(Self.bitCount)
        for _ in 0..<2 {
            // Backwards, so that what follows was not joined itself yet.
            var index = 1 &<< Self.bitCount
            while index > 0 {
                index &-= 1
                let entry = entries[index]
                let next = entries[index &>> Int(entry & 0x3F)]
                let sum = entry &+ next
                // No branches, which could not be foretold.
                let isJoined =
                    bit(entry < 0x40) & bit(next < Entry.unclear.bits)
                    & bit(sum & 0x3F <= mostBits)
                entries[index] = isJoined != 0 ? sum : entry
            }
        }
    }

    /// What the lowest bits of `word` are.
    @inline(__always)
    func entry(for word: UInt64, after last: Entry) -> Entry {
        let index = Int(truncatingIfNeeded: word) & (1 &<< Self.bitCount &- 1)
        return Entry(bits: entries[last.tableStart | index])
    }

    /// Looks at one code that the tables do not hold; nil if there is none.
    func closerLook(at word: UInt64, after last: Entry) -> Entry? {
        if last.isLiteral {
            literals.symbol(in: word).flatMap { Self.literal($0.symbol, $0.length) }
        } else {
            distances.symbol(in: word).flatMap { Self.distance($0.symbol, $0.length) }
        }
    }

    /// The entry of a byte, the end or a length (RFC 1951, clause 3.2.5), nil if there is none.
    private static func literal(_ symbol: Int, _ codeLength: Int) -> Entry? {
        switch symbol {
        case ..<256: Entry(bitCount: codeLength)
        case 256: .end(bitCount: codeLength)
        case ..<265, 285: .length(bitCount: codeLength)
        // Four symbols for each power of two.
        case ..<285: .length(bitCount: codeLength + (symbol - 261) / 4)
        default: nil
        }
    }

    /// The entry of a distance, nil if there is none.
    private static func distance(_ symbol: Int, _ codeLength: Int) -> Entry? {
        // Two symbols for each power of two.
        symbol < 30 ? Entry(bitCount: codeLength + max(0, symbol / 2 - 1)) : nil
    }
}

@inline(__always)
private func bit(_ condition: Bool) -> UInt8 { condition ? 1 : 0 }
