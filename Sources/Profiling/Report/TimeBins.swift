/// Amounts over the time of a run, in fixed memory.
///
/// There are always the same number of bins. When the run outgrows them, each two neighbours become
/// one and the width doubles; so between half of them and all are in use, however long the run.
struct TimeBins: Sendable {
    static let capacity = 480

    /// The width of a bin in nanoseconds.
    private(set) var width: Int64 = 1_000_000

    private let channelCount: Int
    private var amounts: [Int64]

    /// Makes bins for `channelCount` kinds of amounts.
    init(channelCount: Int) {
        self.channelCount = channelCount
        amounts = [Int64](repeating: 0, count: TimeBins.capacity * channelCount)
    }

    /// The amount of a channel in a bin; 0 beyond the last bin.
    func amount(inBin bin: Int, channel: Int) -> Int64 {
        bin < TimeBins.capacity ? amounts[bin * channelCount + channel] : 0
    }

    /// The bins that a run of this length uses, the last one perhaps in part.
    func binCount(upTo nanoseconds: Int64) -> Int {
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: width)
        return min(max(Int(whole) + (rest > 0 ? 1 : 0), 0), TimeBins.capacity)
    }

    /// Adds an amount at a moment, in nanoseconds since the run's beginning.
    mutating func add(_ amount: Int64, channel: Int, at nanoseconds: Int64) {
        guard (0..<TimeBins.end).contains(nanoseconds) else { return }
        widen(toReach: nanoseconds)
        amounts[Int(nanoseconds / width) * channelCount + channel] &+= amount
    }

    /// Adds the nanoseconds from `start` to `end` to the bins that they fall into.
    mutating func addTime(channel: Int, from start: Int64, to end: Int64) {
        guard start >= 0, start < end, end < TimeBins.end else { return }
        widen(toReach: end)
        var moment = start
        while moment < end {
            let bin = moment / width
            let next = min((bin + 1) * width, end)
            amounts[Int(bin) * channelCount + channel] += next - moment
            moment = next
        }
    }

    /// What no run outlasts: a year, so that no arithmetic on times overflows.
    private static let end: Int64 = 366 * 86_400 * 1_000_000_000

    private mutating func widen(toReach nanoseconds: Int64) {
        while nanoseconds >= width * Int64(TimeBins.capacity) {
            for bin in 0..<TimeBins.capacity / 2 {
                for channel in 0..<channelCount {
                    amounts[bin * channelCount + channel] =
                        amounts[2 * bin * channelCount + channel]
                        + amounts[(2 * bin + 1) * channelCount + channel]
                }
            }
            for index in TimeBins.capacity / 2 * channelCount..<amounts.count {
                amounts[index] = 0
            }
            width *= 2
        }
    }
}
