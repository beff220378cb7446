internal import Images
internal import Profiling

/// Medians of 3 × 3 windows by comparisons that are the same for all samples and so become vector
/// code, with nothing in memory between the source and the result.
///
/// Four rows are made at a time, from six. The three samples that a window has of a row are sorted
/// once for the windows of three rows, and of the two rows that two windows share the samples are
/// compared once for both. (Sorted columns in memory, row by row, took twice as long, since memory
/// was what it waited for; two rows at a time take a fifth longer.)
struct MedianOfNineOperation: SampleRowOperation {
    let source: PixelLayout

    var result: PixelLayout { source }

    /// The samples of a strip, a number that is known when this is compiled: the loop over them then
    /// has no remainder.
    private static var stripCount: Int { 512 }

    var scratchByteCount: Int {
        3 * ScratchMemory.byteCount(source.samplesPerRow, of: UInt16.self)
    }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: 1, below: 1)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        // Of the last four rows some may lie beyond the range: what is made of them goes here.
        let beyond = scratch.takeRows(
            3, elementsPerRow: source.elementsPerRow, of: Sample.self)
        for y in stride(from: rows.lowerBound, to: rows.upperBound, by: 4) {
            try checkpoint.check()
            func input(_ y: Int) -> Row<Sample> { source.nearest(min(y, rows.upperBound)) }
            func output(_ index: Int) -> Row<Sample> {
                y + index < rows.upperBound ? result[y + index] : beyond[index - 1]
            }
            let rows = FourRows(
                above: input(y - 1), input(y), input(y + 1), input(y + 2), input(y + 3),
                below: input(y + 4), to: output(0), output(1), output(2), output(3))
            switch self.source.format.channelCount {
            case 1: findMedians(rows, 1)
            case 2: findMedians(rows, 2)
            case 3: findMedians(rows, 3)
            default: findMedians(rows, 4)
            }
        }
    }

    @inline(__always)
    private func findMedians<Sample: PixelSample>(_ rows: FourRows<Sample>, _ channelCount: Int) {
        let count = source.samplesPerRow
        let last = count &- channelCount
        for x in 0..<channelCount {
            rows.findMedians(x, x, min(x &+ channelCount, last &+ x))
            rows.findMedians(max(last &+ x &- channelCount, x), last &+ x, last &+ x)
        }
        let end = last &- Self.stripCount
        guard end >= channelCount else {
            for x in channelCount..<max(last, channelCount) {
                rows.findMedians(x &- channelCount, x, x &+ channelCount)
            }
            return
        }
        // The last strip ends where the row does, and makes some medians once more.
        var start = 0
        while start < last &- channelCount {
            let strip = rows.from(min(start, end &- channelCount))
            for x in 0..<Self.stripCount {
                strip.findMedians(x, x &+ channelCount, x &+ 2 &* channelCount)
            }
            start &+= Self.stripCount
        }
    }
}

/// Four rows of the result and the six of the source that they are made from.
private struct FourRows<Sample: PixelSample> {
    private let above: Row<Sample>
    private let a: Row<Sample>
    private let b: Row<Sample>
    private let c: Row<Sample>
    private let d: Row<Sample>
    private let below: Row<Sample>
    private let resultA: Row<Sample>
    private let resultB: Row<Sample>
    private let resultC: Row<Sample>
    private let resultD: Row<Sample>

    init(
        above: Row<Sample>, _ a: Row<Sample>, _ b: Row<Sample>, _ c: Row<Sample>, _ d: Row<Sample>,
        below: Row<Sample>, to resultA: Row<Sample>, _ resultB: Row<Sample>,
        _ resultC: Row<Sample>, _ resultD: Row<Sample>
    ) {
        (self.above, self.a, self.b, self.c, self.d, self.below) = (above, a, b, c, d, below)
        (self.resultA, self.resultB) = (resultA, resultB)
        (self.resultC, self.resultD) = (resultC, resultD)
    }

    /// All rows from a sample on.
    @inline(__always)
    func from(_ x: Int) -> FourRows {
        FourRows(
            above: above.from(x), a.from(x), b.from(x), c.from(x), d.from(x), below: below.from(x),
            to: resultA.from(x), resultB.from(x), resultC.from(x), resultD.from(x))
    }

    /// Writes the medians of the windows around sample `x`, whose neighbours are `left` and `right`.
    @inline(__always)
    func findMedians(_ left: Int, _ x: Int, _ right: Int) {
        @inline(__always)
        func sorted(_ row: Row<Sample>) -> Three<Sample> { Three(row[left], row[x], row[right]) }
        let (b, c) = (sorted(b), sorted(c))
        let first = medians(sorted(above), sorted(a), b, c)
        resultA[x] = first.0
        resultB[x] = first.1
        let second = medians(b, c, sorted(d), sorted(below))
        resultC[x] = second.0
        resultD[x] = second.1
    }

    /// The medians of the first three rows and of the last three.
    ///
    /// That of nine samples is the middle one of the greatest of the least, the middle one of the
    /// middle ones and the least of the greatest.
    @inline(__always)
    private func medians(
        _ first: Three<Sample>, _ second: Three<Sample>, _ third: Three<Sample>,
        _ fourth: Three<Sample>
    ) -> (Sample, Sample) {
        let low = max(second.low, third.low)
        let high = min(second.high, third.high)
        var (least, greatest) = (second.middle, third.middle)
        sort(&least, &greatest)
        @inline(__always)
        func with(_ other: Three<Sample>) -> Sample {
            median(
                max(low, other.low), max(least, min(greatest, other.middle)),
                min(high, other.high))
        }
        return (with(first), with(fourth))
    }
}

/// Three samples in order.
private struct Three<Sample: PixelSample> {
    private(set) var low: Sample
    private(set) var middle: Sample
    private(set) var high: Sample

    @inline(__always)
    init(_ a: Sample, _ b: Sample, _ c: Sample) {
        (low, middle, high) = (a, b, c)
        sort(&low, &middle)
        sort(&middle, &high)
        sort(&low, &middle)
    }
}

/// Puts the lesser of two samples first.
@inline(__always)
func sort<Sample: PixelSample>(_ first: inout Sample, _ second: inout Sample) {
    (first, second) = (min(first, second), max(first, second))
}

/// The middle one of three samples.
@inline(__always)
func median<Sample: PixelSample>(_ a: Sample, _ b: Sample, _ c: Sample) -> Sample {
    max(min(a, b), min(max(a, b), c))
}
