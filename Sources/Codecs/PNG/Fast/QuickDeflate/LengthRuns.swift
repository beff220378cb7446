/// The runs of the lengths of codes, one code after the other (RFC 1951, clause 3.2.7).
///
/// They are found from the symbols that have a code: between these lie the zeros.
struct LengthRuns: ~Copyable {
    /// A symbol of 0 to 18; those from 16 on repeat a length, with the number in some extra bits.
    struct Run {
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
    }

    /// The runs; what follows the first ``count`` means nothing.
    private(set) var runs = InlineArray<316, Run>(repeating: Run(symbol: 0))

    /// The number of runs.
    private(set) var count = 0

    /// The lengths so far, up to the last one that is not 0.
    private(set) var lengthCount = 0

    /// The last length, which goes on or not, and how often it came.
    private var last: (length: UInt8, count: Int) = (0, 0)

    /// Appends the lengths of a code up to that of the last symbol that has one.
    mutating func append<let symbolCount: Int>(_ code: borrowing HuffmanCode<symbolCount>) {
        let (symbols, entries) = (code.symbols.span, code.entries.span)
        let start = lengthCount
        for i in 0..<code.codedCount {
            let symbol = Int(symbols[i])
            let length = UInt8(truncatingIfNeeded: entries[symbol] >> 16)
            let zeroCount = start + symbol - lengthCount
            if zeroCount == 0 && length == last.length {
                last.count += 1
            } else {
                end()
                append(zeros: zeroCount)
                last = (length, 1)
            }
            lengthCount = start + symbol + 1
        }
    }

    /// Ends the last run.
    mutating func end() {
        guard last.count > 0 else { return }
        append(Run(symbol: last.length))
        var rest = last.count - 1
        while rest >= 3 {
            let piece = min(rest, 6)
            append(Run(symbol: 16, extraBits: UInt8(piece - 3)))
            rest -= piece
        }
        for _ in 0..<rest { append(Run(symbol: last.length)) }
    }

    private mutating func append(zeros count: Int) {
        var rest = count
        while rest >= 3 {
            let piece = min(rest, 138)
            append(
                piece > 10
                    ? Run(symbol: 18, extraBits: UInt8(piece - 11))
                    : Run(symbol: 17, extraBits: UInt8(piece - 3)))
            rest -= piece
        }
        for _ in 0..<rest { append(Run(symbol: 0)) }
    }

    private mutating func append(_ run: Run) {
        runs[count] = run
        count += 1
    }
}
