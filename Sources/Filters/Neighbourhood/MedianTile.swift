/// Eight rows of medians of 5 × 5 windows, and the twelve rows that they are made from.
///
/// The five samples that a window has of a row are sorted once for the windows of all rows, and two
/// rows merged once for the windows of four: work shared by rows, as in A. Adams' "Fast median
/// filters using separable sorting networks" (2021), and nothing in memory between the source and
/// the result. That takes 71¼ minima and maxima for each sample (27 to sort rows, 16¼ to merge two
/// of them, 18 for ``MiddleSix``, 10 for the median). Sixteen rows would take 65, and four take 83½,
/// which was an eighth slower. Sorted columns in memory, two of them merged, took 124; keeping sorted
/// rows in memory takes only 59, but waits for memory and was no faster than four rows.
struct MedianTile<Sample: PixelSample> {
    /// How many samples of a row are found together.
    static var step: Int { 32 }

    private let channelCount: Int
    private let source: InlineArray<12, Row<Sample>>
    private let result: InlineArray<8, Row<Sample>>

    /// Makes a tile.
    ///
    /// - Parameters:
    ///   - channelCount: The distance of samples that are next to each other in a window.
    ///   - source: Each row from the first sample of the first window on, with at least
    ///     `4 * channelCount` more samples than the medians that are asked for.
    ///   - result: Each row of medians.
    init(channelCount: Int, source: (Int) -> Row<Sample>, result: (Int) -> Row<Sample>) {
        self.channelCount = channelCount
        self.source = InlineArray(source)
        self.result = InlineArray(result)
    }

    /// Finds all medians of the result's rows.
    ///
    /// - Parameter remainders: Eight rows of ``step`` samples, for those that are fewer at the end.
    func findMedians(_ remainders: Rows<Sample>) {
        let whole = result[0].count / Self.step * Self.step
        findMedians(count: whole)
        guard whole < result[0].count else { return }
        let last = MedianTile(
            channelCount: channelCount, source: { source[$0].from(whole) },
            result: { remainders[$0] })
        last.findMedians(count: Self.step)
        for row in 0..<8 {
            let remainder = result[row].from(whole)
            remainder.copy(remainders[row][0..<remainder.count])
        }
    }

    /// Not inlined: the compiler then knows nothing of where rows lie, and asks before the loop
    /// whether they overlap, rather than give up where some come from the same memory.
    @inline(never)
    private func findMedians(count: Int) {
        switch channelCount {
        case 1: findMedians(count, 1)
        case 2: findMedians(count, 2)
        case 3: findMedians(count, 3)
        default: findMedians(count, 4)
        }
    }

    @inline(__always)
    private func findMedians(_ count: Int, _ channelCount: Int) {
        let (source, result) = (source, result)
        // The count is a multiple of the step; so written, the compiler sees it.
        for x in 0..<count / Self.step * Self.step {
            @inline(__always)
            func sorted(_ index: Int) -> SortedFive<Sample> {
                let row = source[index]
                return SortedFive(
                    row[x], row[x &+ channelCount], row[x &+ 2 &* channelCount],
                    row[x &+ 3 &* channelCount], row[x &+ 4 &* channelCount])
            }
            var rows = SharedRows(sorted(0), sorted(1), sorted(2), sorted(3))
            (result[0][x], result[1][x]) = rows.medians(with: sorted(4), sorted(5))
            (result[2][x], result[3][x]) = rows.medians(with: sorted(6), sorted(7))
            (result[4][x], result[5][x]) = rows.medians(with: sorted(8), sorted(9))
            (result[6][x], result[7][x]) = rows.medians(with: sorted(10), sorted(11))
        }
    }
}

/// The rows from the first to the fourth of those six that the windows of two rows have, two of
/// them merged already: what the windows of the next two rows need again follows from it.
private struct SharedRows<Sample: PixelSample> {
    private var first: SortedFive<Sample>
    private var secondAndThird: SortedTen<Sample>
    private var third: SortedFive<Sample>
    private var fourth: SortedFive<Sample>

    @inline(__always)
    init(
        _ first: SortedFive<Sample>, _ second: SortedFive<Sample>, _ third: SortedFive<Sample>,
        _ fourth: SortedFive<Sample>
    ) {
        self.first = first
        secondAndThird = SortedTen(merging: second, third)
        self.third = third
        self.fourth = fourth
    }

    /// The medians of the first five rows and of the last five, and two rows down from there.
    @inline(__always)
    mutating func medians(
        with fifth: SortedFive<Sample>, _ sixth: SortedFive<Sample>
    ) -> (Sample, Sample) {
        let fourthAndFifth = SortedTen(merging: fourth, fifth)
        let middle = MiddleSix(of: secondAndThird, fourthAndFifth)
        let medians = (middle.median(with: first), middle.median(with: sixth))
        (first, secondAndThird, third, fourth) = (third, fourthAndFifth, fifth, sixth)
        return medians
    }
}
