/// The lengths of a block's two codes as they are written before it: run-length coded, and that
/// Huffman coded (RFC 1951, clause 3.2.7).
struct CodeLengths: ~Copyable {
    private let runs: InlineArray<316, LengthRuns.Run>
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

    /// Codes the lengths of two codes; that of literals has a code for the end of a block.
    init(_ literals: borrowing HuffmanCode<286>, _ distances: borrowing HuffmanCode<30>) {
        var runs = LengthRuns()
        runs.append(literals)
        literalCount = runs.lengthCount
        runs.append(distances)
        distanceCount = runs.lengthCount - literalCount
        runs.end()
        var counts = InlineArray<19, UInt32>(repeating: 0)
        var extraBitCount = 0
        for index in 0..<runs.count {
            counts[Int(runs.runs[index].symbol)] += 1
            extraBitCount += runs.runs[index].extraBitCount
        }
        let code = HuffmanCode<19>(frequencies: counts.span, longest: 7)
        var writtenCount = 19
        while writtenCount > 4, code.length(of: Self.order[writtenCount - 1]) == 0 {
            writtenCount -= 1
        }
        bitCount =
            5 + 5 + 4 + 3 * writtenCount + code.bitCount(of: counts.span) + extraBitCount
        self.writtenCount = writtenCount
        self.code = code
        self.runs = runs.runs
        runCount = runs.count
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
            let run = runs[index]
            writer.flush()
            writer.add(coded: entries[Int(run.symbol)])
            writer.add(UInt64(run.extraBits), count: run.extraBitCount)
        }
        writer.flush()
    }
}
