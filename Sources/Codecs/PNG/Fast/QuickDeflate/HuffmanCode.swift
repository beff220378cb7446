/// A Huffman code as deflate uses it: canonical, with a limit on its lengths (RFC 1951, clause 3.2.2).
struct HuffmanCode {
    /// For each symbol the number of its bits, 0 for one that does not occur.
    private(set) var lengths: [UInt8]

    /// For each symbol its bits, the first one lowest.
    private(set) var codes: [UInt16]

    /// Makes a code for symbols that occur so often.
    ///
    /// - Parameters:
    ///   - frequencies: The count of each symbol; at least two must not be 0.
    ///   - longest: The most bits of a code, at most 15.
    init(frequencies: [UInt32], longest: Int) {
        // The symbol is in the lower bits, so that sorting by count sorts the symbols, too.
        let sorted = frequencies.indices.filter { frequencies[$0] > 0 }
            .map { UInt64(frequencies[$0]) << 16 | UInt64($0) }
            .sorted()
        precondition(sorted.count >= 2, "a code of fewer than two symbols")
        var countOfLength = Self.countsOfLengths(sorted.map { Int($0 >> 16) }, longest: longest)
        lengths = [UInt8](repeating: 0, count: frequencies.count)
        var length = longest
        for entry in sorted {
            while countOfLength[length] == 0 { length -= 1 }
            countOfLength[length] -= 1
            lengths[Int(entry & 0xFFFF)] = UInt8(length)
        }
        codes = Self.codes(lengths)
    }

    /// For each length the number of symbols that have it.
    ///
    /// - Parameters:
    ///   - weights: The counts of the symbols, ascending.
    ///   - longest: The limit.
    /// - Returns: Counts, at the index of their length.
    private static func countsOfLengths(_ weights: [Int], longest: Int) -> [Int] {
        // Minimum-redundancy lengths in place (Moffat and Katajainen, 1995): the array holds
        // weights, then the parents of inner nodes, then their depths.
        let count = weights.count
        var nodes = weights
        nodes[0] += nodes[1]
        var (root, leaf) = (0, 2)
        for next in 1..<max(count - 1, 1) {
            if leaf >= count || nodes[root] < nodes[leaf] {
                nodes[next] = nodes[root]
                nodes[root] = next
                root += 1
            } else {
                nodes[next] = nodes[leaf]
                leaf += 1
            }
            if leaf >= count || (root < next && nodes[root] < nodes[leaf]) {
                nodes[next] += nodes[root]
                nodes[root] = next
                root += 1
            } else {
                nodes[next] += nodes[leaf]
                leaf += 1
            }
        }
        nodes[count - 2] = 0
        for next in stride(from: count - 3, through: 0, by: -1) {
            nodes[next] = nodes[nodes[next]] + 1
        }

        var counts = [Int](repeating: 0, count: longest + 1)
        var (available, used, depth) = (1, 0, 0)
        var inner = count - 2
        while available > 0 {
            while inner >= 0 && nodes[inner] == depth {
                used += 1
                inner -= 1
            }
            counts[min(depth, longest)] += available - used
            (available, used, depth) = (2 * used, 0, depth + 1)
        }
        shorten(&counts)
        return counts
    }

    /// Makes codes that were cut to the longest length decodable again: for each that is too much,
    /// a shorter code moves down one bit and takes one of the longest as its sibling.
    private static func shorten(_ counts: inout [Int]) {
        let longest = counts.count - 1
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

    /// The canonical codes for lengths, their bits reversed.
    private static func codes(_ lengths: [UInt8]) -> [UInt16] {
        var next = [UInt16](repeating: 0, count: 17)
        for length in lengths where length > 0 { next[Int(length) + 1] += 1 }
        for length in 1...16 { next[length] = (next[length] &+ next[length - 1]) &<< 1 }
        return lengths.map { length in
            guard length > 0 else { return 0 }
            defer { next[Int(length)] &+= 1 }
            var (code, reversed) = (next[Int(length)], UInt16(0))
            for _ in 0..<length {
                reversed = reversed << 1 | code & 1
                code >>= 1
            }
            return reversed
        }
    }
}
