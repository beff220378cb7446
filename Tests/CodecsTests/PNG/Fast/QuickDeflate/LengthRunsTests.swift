import Testing

@testable import Codecs

@Suite("Runs of code lengths")
struct LengthRunsTests {
    /// The lengths that runs stand for, as a reader repeats them (RFC 1951, clause 3.2.7).
    private func lengths(_ runs: borrowing LengthRuns) -> [Int] {
        var lengths: [Int] = []
        for index in 0..<runs.count {
            let run = runs.runs[index]
            let extra = Int(run.extraBits)
            #expect(extra < 1 << run.extraBitCount)
            switch run.symbol {
            case 16: lengths += [Int](repeating: lengths[lengths.count - 1], count: 3 + extra)
            case 17: lengths += [Int](repeating: 0, count: 3 + extra)
            case 18: lengths += [Int](repeating: 0, count: 11 + extra)
            default: lengths.append(Int(run.symbol))
            }
        }
        return lengths
    }

    /// The lengths of a code up to the last one that is not 0.
    private func lengths<let count: Int>(of code: borrowing HuffmanCode<count>) -> [Int] {
        var lengths: [Int] = []
        for symbol in 0..<count { lengths.append(code.length(of: symbol)) }
        while lengths.last == 0 { lengths.removeLast() }
        return lengths
    }

    @Test("stand for the lengths of both codes", arguments: 1...60)
    func both(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        // Stretches with one count have one length; stretches of zeros are of every size.
        var counts: [UInt32] = []
        while counts.count < 316 {
            let count = UInt32.random(in: 0...3, using: &generator)
            let most = [300, 20, 5, 1][seed % 4]
            counts += [UInt32](
                repeating: count, count: Int.random(in: 1...most, using: &generator))
        }
        var literalCounts = Array(counts.prefix(286))
        literalCounts[256] = 1
        let literals = HuffmanCode<286>(frequencies: literalCounts.span, longest: 14)
        let distances = HuffmanCode<30>(
            frequencies: Array(counts[286..<316]).span, longest: 14)
        var runs = LengthRuns()
        runs.append(literals)
        #expect(runs.lengthCount == lengths(of: literals).count)
        runs.append(distances)
        runs.end()
        #expect(lengths(runs) == lengths(of: literals) + lengths(of: distances))
    }
}
