/// A Huffman code of deflate, made again from the lengths of its codes (RFC 1951, clause 3.2.2).
struct CanonicalCode {
    static let longest = 15

    /// For each symbol the number of its bits, 0 for one that does not occur.
    let lengths: [UInt8]

    /// The symbols that occur, by length and then by number.
    private var symbols: [UInt16] = []

    /// For each length the number of symbols that have it.
    private var counts = [Int](repeating: 0, count: longest + 1)

    /// Makes the code, or nil where there are more codes than bits can tell apart, or fewer.
    ///
    /// Of distances there may be one or none; then no bits or the bit 1 are no code.
    init?(lengths: [UInt8], mayBeIncomplete: Bool = false) {
        self.lengths = lengths
        for length in lengths {
            guard length <= Self.longest else { return nil }
            counts[Int(length)] += 1
        }
        counts[0] = 0
        var free = 1
        for length in 1...Self.longest {
            free = 2 * free - counts[length]
            guard free >= 0 else { return nil }
        }
        let isSingle = counts[1] <= 1 && counts.reduce(0, +) == counts[1]
        guard free == 0 || (mayBeIncomplete && isSingle) else { return nil }
        var next = [Int](repeating: 0, count: Self.longest + 2)
        for length in 1...Self.longest { next[length + 1] = next[length] + counts[length] }
        symbols = [UInt16](repeating: 0, count: next[Self.longest + 1])
        for (symbol, length) in lengths.enumerated() where length > 0 {
            symbols[next[Int(length)]] = UInt16(symbol)
            next[Int(length)] += 1
        }
    }

    /// The symbol whose code the lowest bits of `word` are, and the number of these bits; nil if
    /// they are none.
    func symbol(in word: UInt64) -> (symbol: Int, length: Int)? {
        var (code, first, index) = (0, 0, 0)
        for length in 1...Self.longest {
            code |= Int(word >> UInt64(length - 1) & 1)
            let count = counts[length]
            if code - first < count { return (Int(symbols[index + code - first]), length) }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        return nil
    }

    /// For each symbol its bits, the first one lowest; 0 for one that does not occur.
    var codes: [UInt16] {
        var codes = [UInt16](repeating: 0, count: lengths.count)
        var (code, index) = (UInt16(0), 0)
        for length in 1...Self.longest {
            for symbol in symbols[index..<index + counts[length]] {
                codes[Int(symbol)] = reversedBits(code) >> UInt16(16 - length)
                code &+= 1
            }
            index += counts[length]
            code &<<= 1
        }
        return codes
    }
}
