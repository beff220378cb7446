/// The lengths of a block's two codes as they are written before it: run-length coded, and that
/// Huffman coded (RFC 1951, clause 3.2.7).
struct CodeLengths: ~Copyable {
    /// The runs of both codes' lengths, one code after the other.
    private let runs: InlineArray<316, Run>
    private let runCount: Int
    private let literalCount: Int
    private let distanceCount: Int
    private let code: HuffmanCode<19>

    /// The lengths of ``code`` that are written, at least 4.
    private let writtenCount: Int

    /// The bits that ``write(to:)`` adds.
    let bitCount: Int

    /// The order in which the lengths of ``code`` are written: those that are rarely 0 first.
    private static let order: InlineArray<19, Int> = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    /// Codes the lengths of two codes.
    init(_ literals: borrowing HuffmanCode<286>, _ distances: borrowing HuffmanCode<30>) {
        literalCount = max(257, literals.usedSymbolCount)
        distanceCount = max(1, distances.usedSymbolCount)
        var lengths = InlineArray<316, UInt8>(repeating: 0)
        for symbol in 0..<literalCount { lengths[symbol] = UInt8(literals.length(of: symbol)) }
        for symbol in 0..<distanceCount {
            lengths[literalCount + symbol] = UInt8(distances.length(of: symbol))
        }
        var runs = InlineArray<316, Run>(repeating: Run(symbol: 0))
        runCount = Run.find(
            in: lengths.span.extracting(first: literalCount + distanceCount), to: &runs)
        var counts = InlineArray<19, UInt32>(repeating: 0)
        var extraBitCount = 0
        for index in 0..<runCount {
            counts[Int(runs[index].symbol)] += 1
            extraBitCount += runs[index].extraBitCount
        }
        self.runs = runs
        let code = HuffmanCode<19>(frequencies: counts.span, longest: 7)
        var writtenCount = 19
        while writtenCount > 4, code.length(of: Self.order[writtenCount - 1]) == 0 {
            writtenCount -= 1
        }
        bitCount =
            5 + 5 + 4 + 3 * writtenCount + code.bitCount(of: counts.span) + extraBitCount
        self.writtenCount = writtenCount
        self.code = code
    }

    /// Writes the three counts, the lengths of ``code``, and the lengths coded by it.
    func write(to writer: inout BitWriter) {
        writer.add(UInt64(literalCount - 257), count: 5)
        writer.add(UInt64(distanceCount - 1), count: 5)
        writer.add(UInt64(writtenCount - 4), count: 4)
        for index in 0..<writtenCount {
            writer.flush()
            writer.add(UInt64(code.length(of: Self.order[index])), count: 3)
        }
        let (runs, entries) = (runs.span, code.entries.span)
        for index in 0..<runCount {
            writer.flush()
            writer.add(coded: entries[Int(runs[index].symbol)])
            writer.add(UInt64(runs[index].extraBits), count: runs[index].extraBitCount)
        }
        writer.flush()
    }
}

/// A symbol of 0 to 18; those from 16 on repeat a length, with the number in some extra bits.
private struct Run {
    let symbol: UInt8
    var extraBits: UInt8 = 0

    var extraBitCount: Int {
        switch symbol {
        case 16: 2
        case 17: 3
        case 18: 7
        default: 0
        }
    }

    /// Finds the runs that stand for some lengths.
    ///
    /// - Returns: Their number, at most that of the lengths.
    static func find(in lengths: Span<UInt8>, to runs: inout InlineArray<316, Run>) -> Int {
        var runCount = 0
        func add(_ run: Run) {
            runs[runCount] = run
            runCount += 1
        }
        var i = 0
        while i < lengths.count {
            let (length, start) = (lengths[i], i)
            repeat { i += 1 } while i < lengths.count && lengths[i] == length
            var count = i - start
            if length == 0 {
                while count >= 3 {
                    let piece = min(count, 138)
                    add(
                        piece > 10
                            ? Run(symbol: 18, extraBits: UInt8(piece - 11))
                            : Run(symbol: 17, extraBits: UInt8(piece - 3)))
                    count -= piece
                }
            } else {
                add(Run(symbol: length))
                count -= 1
                while count >= 3 {
                    let piece = min(count, 6)
                    add(Run(symbol: 16, extraBits: UInt8(piece - 3)))
                    count -= piece
                }
            }
            for _ in 0..<count { add(Run(symbol: length)) }
        }
        return runCount
    }
}
