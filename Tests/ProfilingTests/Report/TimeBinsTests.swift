import Testing

@testable import Profiling

@Suite("Bins of time")
struct TimeBinsTests {
    @Test("keep every amount while they grow wider")
    func keepsAmounts() {
        var bins = TimeBins(channelCount: 2)
        for index in 0..<Int64(3_000) {
            bins.add(1, channel: 0, at: index * 7 * millisecond)
            bins.add(index, channel: 1, at: index * 7 * millisecond)
        }

        #expect(sum(bins, channel: 0) == 3_000)
        #expect(sum(bins, channel: 1) == 2_999 * 3_000 / 2)
        #expect(bins.width == 64 * millisecond)
    }

    @Test("split a time among the bins that it crosses")
    func splitsTime() {
        var bins = TimeBins(channelCount: 1)

        bins.addTime(channel: 0, from: 1_500_000, to: 4_250_000)

        #expect(
            (0..<6).map { bins.amount(inBin: $0, channel: 0) } == [
                0, 500_000, 1_000_000, 1_000_000, 250_000, 0,
            ])
    }

    @Test("put what came before they grew where the same time is now")
    func growsInPlace() {
        var bins = TimeBins(channelCount: 1)
        bins.add(5, channel: 0, at: 399 * millisecond)

        bins.add(1, channel: 0, at: 1_900 * millisecond)

        #expect(bins.width == 4 * millisecond)
        #expect(bins.amount(inBin: 99, channel: 0) == 5)
        #expect(bins.amount(inBin: 475, channel: 0) == 1)
    }

    @Test("ignore times that make no sense", arguments: [Int64.min, -1, .max])
    func ignoresNonsense(moment: Int64) {
        var bins = TimeBins(channelCount: 1)

        bins.add(1, channel: 0, at: moment)
        bins.addTime(channel: 0, from: 0, to: moment)
        bins.addTime(channel: 0, from: moment, to: 10)

        #expect(sum(bins, channel: 0) == 0)
    }

    private func sum(_ bins: TimeBins, channel: Int) -> Int64 {
        (0..<TimeBins.capacity).reduce(0) { $0 + bins.amount(inBin: $1, channel: channel) }
    }
}
