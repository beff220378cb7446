/// The lengths of a block's two codes as they are written before it: run-length coded, and that
/// Huffman coded (RFC 1951, clause 3.2.7).
struct CodeLengths {
    private let literalCount: Int
    private let distanceCount: Int
    private let runs: [Run]
    private let code: HuffmanCode

    /// The lengths of ``code`` that are written, at least 4.
    private let writtenCount: Int

    /// A symbol of 0 to 18; those from 16 on repeat a length, with the number in some extra bits.
    private struct Run {
        let symbol: Int
        var extraBits: UInt64 = 0

        var extraBitCount: Int {
            switch symbol {
            case 16: 2
            case 17: 3
            case 18: 7
            default: 0
            }
        }
    }

    /// The order in which the lengths of ``code`` are written: those that are rarely 0 first.
    private static let order = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    /// Codes the lengths of two codes.
    init(_ literals: [UInt8], _ distances: [UInt8]) {
        literalCount = max(257, (literals.lastIndex { $0 > 0 } ?? 0) + 1)
        distanceCount = max(1, (distances.lastIndex { $0 > 0 } ?? 0) + 1)
        runs = Self.runs(Array(literals[..<literalCount]) + distances[..<distanceCount])
        var counts = [UInt32](repeating: 0, count: 19)
        for run in runs { counts[run.symbol] += 1 }
        // A code has at least two symbols.
        for symbol in [0, 1] where counts.count(where: { $0 > 0 }) < 2 {
            counts[symbol] = max(counts[symbol], 1)
        }
        let code = HuffmanCode(frequencies: counts, longest: 7)
        self.code = code
        writtenCount = max(4, (Self.order.lastIndex { code.lengths[$0] > 0 } ?? 0) + 1)
    }

    /// The bits that ``write(to:)`` adds.
    var bitCount: Int {
        runs.reduce(5 + 5 + 4 + 3 * writtenCount) {
            $0 + Int(code.lengths[$1.symbol]) + $1.extraBitCount
        }
    }

    /// Writes the three counts, the lengths of ``code``, and the lengths coded by it.
    func write(to writer: inout BitWriter) {
        writer.add(UInt64(literalCount - 257), count: 5)
        writer.add(UInt64(distanceCount - 1), count: 5)
        writer.add(UInt64(writtenCount - 4), count: 4)
        for symbol in Self.order.prefix(writtenCount) {
            writer.flush()
            writer.add(UInt64(code.lengths[symbol]), count: 3)
        }
        for run in runs {
            writer.flush()
            writer.add(UInt64(code.codes[run.symbol]), count: Int(code.lengths[run.symbol]))
            writer.add(run.extraBits, count: run.extraBitCount)
        }
        writer.flush()
    }

    private static func runs(_ lengths: [UInt8]) -> [Run] {
        var runs: [Run] = []
        var i = 0
        while i < lengths.count {
            let length = lengths[i]
            var count = lengths[i...].prefix { $0 == length }.count
            i += count
            if length == 0 {
                while count >= 3 {
                    let piece = min(count, 138)
                    runs.append(
                        piece > 10
                            ? Run(symbol: 18, extraBits: UInt64(piece - 11))
                            : Run(symbol: 17, extraBits: UInt64(piece - 3)))
                    count -= piece
                }
            } else {
                runs.append(Run(symbol: Int(length)))
                count -= 1
                while count >= 3 {
                    let piece = min(count, 6)
                    runs.append(Run(symbol: 16, extraBits: UInt64(piece - 3)))
                    count -= piece
                }
            }
            runs += [Run](repeating: Run(symbol: Int(length)), count: count)
        }
        return runs
    }
}
