/// A walk over the blocks of a deflate stream (RFC 1951) to find where the last one is.
///
/// Nothing tells where a block ends but its codes, so they are all read. Nothing is made of them, and
/// with 1.0 GB/s it is still no faster than libdeflate, which inflates them. Any bytes may be walked
/// over.
struct DeflateWalk {
    /// The place of the last block's first bit, which says that it is the last, in bits from the start.
    private(set) var lastBlock = 0

    /// The place behind the last bit, in bits from the start.
    var end: Int { reader.position }

    private var reader = BitReader()

    private static let fixedLiterals =
        [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
        + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8)
    private static let fixedDistances = [UInt8](repeating: 5, count: 32)

    /// The order in which the lengths of the code for code lengths are written.
    private static let order = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    /// Walks from the start of `stream` to the end of the last block.
    init(over stream: Span<UInt8>) throws(DeflateFault) {
        let stream = unsafe stream.bytes
        var isLast = false
        repeat {
            lastBlock = reader.position
            isLast = try reader.number(bitCount: 1, of: stream) == 1
            switch try reader.number(bitCount: 2, of: stream) {
            case 0: try skipStored(in: stream)
            case 1: try skipCoded(Self.fixedLiterals, Self.fixedDistances, in: stream)
            case 2:
                let (literals, distances) = try codeLengths(in: stream)
                try skipCoded(literals, distances, in: stream)
            default: throw .unknownBlockType(bit: lastBlock)
            }
        } while !isLast
    }

    private mutating func skipStored(in stream: RawSpan) throws(DeflateFault) {
        reader.skipToByte()
        let byteCount = try reader.number(bitCount: 16, of: stream)
        guard try reader.number(bitCount: 16, of: stream) == byteCount ^ 0xFFFF else {
            throw .storedLengthMismatch(bit: lastBlock)
        }
        reader.skip(8 * byteCount)
        guard reader.position <= 8 * stream.byteCount else {
            throw .endsEarly(byteCount: stream.byteCount)
        }
    }

    /// The lengths of a block's two codes (clause 3.2.7).
    private mutating func codeLengths(
        in stream: RawSpan
    ) throws(DeflateFault) -> (literals: [UInt8], distances: [UInt8]) {
        let start = reader.position
        let literalCount = try 257 + reader.number(bitCount: 5, of: stream)
        let distanceCount = try 1 + reader.number(bitCount: 5, of: stream)
        let writtenCount = try 4 + reader.number(bitCount: 4, of: stream)
        var ownLengths = [UInt8](repeating: 0, count: Self.order.count)
        for symbol in Self.order.prefix(writtenCount) {
            ownLengths[symbol] = try UInt8(reader.number(bitCount: 3, of: stream))
        }
        let count = literalCount + distanceCount
        guard let code = CanonicalCode(lengths: ownLengths), literalCount <= 286 else {
            throw .invalidCodeLengths(bit: start)
        }
        var lengths: [UInt8] = []
        while lengths.count < count {
            guard let (symbol, bitCount) = try code.symbol(in: reader.word(of: stream)) else {
                throw .invalidCode(bit: reader.position)
            }
            reader.skip(bitCount)
            var (length, repetitions): (UInt8?, Int) = (0, 1)
            switch symbol {
            case ..<16: length = UInt8(symbol)
            case 16:
                length = lengths.last
                repetitions = try 3 + reader.number(bitCount: 2, of: stream)
            case 17: repetitions = try 3 + reader.number(bitCount: 3, of: stream)
            default: repetitions = try 11 + reader.number(bitCount: 7, of: stream)
            }
            guard let length, lengths.count + repetitions <= count else {
                throw .invalidCodeLengths(bit: start)
            }
            lengths += repeatElement(length, count: repetitions)
        }
        return (Array(lengths[..<literalCount]), Array(lengths[literalCount...]))
    }

    private mutating func skipCoded(
        _ literalLengths: [UInt8], _ distanceLengths: [UInt8], in stream: RawSpan
    ) throws(DeflateFault) {
        guard let literalCode = CanonicalCode(lengths: literalLengths),
            let distanceCode = CanonicalCode(lengths: distanceLengths, mayBeIncomplete: true)
        else { throw .invalidCodeLengths(bit: lastBlock) }
        let table = SkipTable(literalCode, distanceCode)
        // A copy of its own stays in a register.
        var reader = reader
        defer { self.reader = reader }
        var last = SkipTable.Entry(bitCount: 0)
        while true {
            // Three entries fit a word.
            let word = try reader.word(of: stream)
            let first = table.entry(for: word, after: last)
            if first.goesOn {
                reader.skip(first.bitCount)
                last = first
                let rest = word &>> UInt64(first.bits)
                let second = table.entry(for: rest, after: first)
                guard second.goesOn else { continue }
                reader.skip(second.bitCount)
                last = second
                let third = table.entry(for: rest &>> UInt64(second.bits), after: second)
                guard third.goesOn else { continue }
                reader.skip(third.bitCount)
                last = third
                continue
            }
            let entry = first.isEnd ? first : table.closerLook(at: word, after: last)
            guard let entry else { throw .invalidCode(bit: reader.position) }
            reader.skip(entry.bitCount)
            guard reader.position <= 8 * stream.byteCount else {
                throw .endsEarly(byteCount: stream.byteCount)
            }
            if entry.isEnd { return }
            last = entry
        }
    }
}
