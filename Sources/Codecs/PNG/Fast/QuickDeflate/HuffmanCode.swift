/// A Huffman code as deflate uses it: canonical, with a limit on its lengths (RFC 1951, clause 3.2.2).
///
/// All of it lies on the stack: an icon has no time for allocations. Loops go over spans of the
/// arrays: through a member each look at an element copies the whole array.
struct HuffmanCode<let symbolCount: Int>: ~Copyable {
    /// For each symbol its bits in the lower half, the first one lowest, and their count in the upper
    /// half; 0 for one that does not occur.
    let entries: InlineArray<symbolCount, UInt32>

    /// The symbols that have a code, ascending; what follows the first ``codedCount`` means nothing.
    let symbols: InlineArray<symbolCount, UInt16>

    /// The number of symbols that have a code, at least 2.
    let codedCount: Int

    /// Makes a code for symbols that occur so often.
    ///
    /// - Parameters:
    ///   - frequencies: The count of each symbol, of two or more; less than 2²³. Where only one
    ///     occurs or none, the first others are coded, too: some readers refuse a code of one symbol.
    ///   - longest: The most bits of a code, at most 15; they must suffice for all symbols.
    init(frequencies: Span<UInt32>, longest: Int) {
        // The symbol is in the lower bits, so that symbols of equal counts stay in their order. What
        // comes after looks at the symbols that occur only: in icons they are few.
        var keys = InlineArray<symbolCount, UInt32>(repeating: 0)
        var count = 0
        // No branch, which no processor could foresee.
        for symbol in frequencies.indices {
            keys[count] = frequencies[symbol] << Self.symbolBitCount | UInt32(symbol)
            count += frequencies[symbol] > 0 ? 1 : 0
        }
        for symbol in 0..<2 where count < 2 && frequencies[symbol] == 0 {
            keys[count] = 1 << Self.symbolBitCount | UInt32(symbol)
            count += 1
        }
        var symbols = InlineArray<symbolCount, UInt16>(repeating: 0)
        for i in 0..<count { symbols[i] = UInt16(truncatingIfNeeded: keys[i] & Self.symbolMask) }
        if symbols[0] > symbols[1] { symbols.swapAt(0, 1) }
        Self.sort(&keys, count: count)
        let countOfLength = Self.countsOfLengths(keys, count: count, longest: longest)
        var entries = InlineArray<symbolCount, UInt32>(repeating: 0)
        var (length, rest) = (longest, countOfLength[longest])
        for i in 0..<count {
            while rest == 0 {
                length -= 1
                rest = countOfLength[length]
            }
            rest -= 1
            entries[Int(keys[i] & Self.symbolMask)] = UInt32(length) << 16
        }
        var next = Self.firstCodes(countOfLength)
        for i in 0..<count {
            let symbol = Int(symbols[i])
            let length = Int(entries[symbol] >> 16)
            entries[symbol] |= UInt32(reversedBits(next[length]) >> UInt16(16 - length))
            next[length] &+= 1
        }
        self.entries = entries
        self.symbols = symbols
        codedCount = count
    }

    /// The lower bits of a key, enough for 286 symbols.
    private static var symbolBitCount: UInt32 { 9 }
    private static var symbolMask: UInt32 { 1 << symbolBitCount - 1 }

    /// The number of the symbol's bits, 0 for one that does not occur.
    func length(of symbol: Int) -> Int { Int(entries.span[symbol] >> 16) }

    /// The bits that symbols take, which occur so often.
    func bitCount(of frequencies: Span<UInt32>) -> Int {
        let entries = entries.span
        var sum = 0
        for symbol in frequencies.indices {
            sum &+= Int(frequencies[symbol] &* (entries[symbol] &>> 16))
        }
        return sum
    }

    /// Sorts by the bits above the symbols, six after the other: in icons few symbols occur more
    /// than 63 times.
    private static func sort(_ keys: inout InlineArray<symbolCount, UInt32>, count: Int) {
        var occurring: UInt32 = 0
        for i in 0..<count { occurring |= keys[i] }
        var shift = symbolBitCount
        while occurring >> shift > 0 {
            var starts = InlineArray<65, UInt16>(repeating: 0)
            for i in 0..<count { starts[Int(keys[i] >> shift & 63) + 1] &+= 1 }
            for digit in 1..<64 { starts[digit] &+= starts[digit - 1] }
            let unsorted = keys
            for i in 0..<count {
                let digit = Int(unsorted[i] >> shift & 63)
                keys[Int(starts[digit])] = unsorted[i]
                starts[digit] &+= 1
            }
            shift += 6
        }
    }

    /// For each length the number of symbols that have it, where the sum of all bits is the least.
    ///
    /// - Parameters:
    ///   - sorted: The counts of the symbols above their numbers, ascending.
    ///   - count: The symbols, at least two.
    ///   - longest: The limit.
    /// - Returns: Counts, at the index of their length.
    private static func countsOfLengths(
        _ sorted: borrowing InlineArray<symbolCount, UInt32>, count: Int, longest: Int
    ) -> InlineArray<16, Int> {
        // Two queues (van Leeuwen, 1976): symbols by their weight, and inner nodes, which come
        // about by their weight. Behind the end of both lies what no weight reaches.
        var leaves = InlineArray<288, UInt32>(repeating: .max)
        var inner = InlineArray<288, UInt32>(repeating: .max)
        var parents = InlineArray<288, UInt16>(repeating: 0)
        for i in 0..<count { leaves[i] = sorted[i] >> symbolBitCount }
        var (leaf, root) = (0, 0)
        for next in 0..<count - 1 {
            var weight: UInt32 = 0
            for _ in 0..<2 {
                let isInner = inner[root] < leaves[leaf]
                weight &+= min(inner[root], leaves[leaf])
                // Where a leaf is taken, this is written again.
                parents[root] = UInt16(truncatingIfNeeded: next)
                root &+= isInner ? 1 : 0
                leaf &+= isInner ? 0 : 1
            }
            inner[next] = weight
        }
        // The last inner node is the tree's root. From there on, parents become depths.
        var depths = parents
        depths[count - 2] = 0
        for node in stride(from: count - 3, through: 0, by: -1) {
            depths[node] = depths[Int(depths[node])] &+ 1
        }

        var counts = InlineArray<16, Int>(repeating: 0)
        var (available, used, depth) = (1, 0, 0)
        var node = count - 2
        while available > 0 {
            while node >= 0 && Int(depths[node]) == depth {
                used += 1
                node -= 1
            }
            counts[min(depth, longest)] += available - used
            (available, used, depth) = (2 * used, 0, depth + 1)
        }
        shorten(&counts, to: longest)
        return counts
    }

    /// Makes codes that were cut to the longest length decodable again: for each that is too much,
    /// a shorter code moves down one bit and takes one of the longest as its sibling.
    private static func shorten(_ counts: inout InlineArray<16, Int>, to longest: Int) {
        var excess = -(1 << longest)
        for length in 1...longest { excess += counts[length] << (longest - length) }
        while excess > 0 {
            guard let length = (1..<longest).last(where: { counts[$0] > 0 }) else { return }
            counts[length] -= 1
            counts[length + 1] += 2
            counts[longest] -= 1
            excess -= 1
        }
    }

    /// The first canonical code of each length.
    private static func firstCodes(
        _ countOfLength: InlineArray<16, Int>
    ) -> InlineArray<16, UInt16> {
        var codes = InlineArray<16, UInt16>(repeating: 0)
        for length in 2..<16 {
            let shorter = UInt16(truncatingIfNeeded: countOfLength[length - 1])
            codes[length] = (codes[length - 1] &+ shorter) &<< 1
        }
        return codes
    }
}

/// The bits in the other order.
func reversedBits(_ bits: UInt16) -> UInt16 {
    var bits = bits.byteSwapped
    bits = bits << 4 & 0xF0F0 | bits >> 4 & 0x0F0F
    bits = bits << 2 & 0xCCCC | bits >> 2 & 0x3333
    return bits << 1 & 0xAAAA | bits >> 1 & 0x5555
}
