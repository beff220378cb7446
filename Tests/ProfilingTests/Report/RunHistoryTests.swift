import Testing

@testable import Profiling

@Suite("The history of a run")
struct RunHistoryTests {
    @Test("keeps the slowest images in order, and no more than it has room for")
    func keepsSlowest() {
        var history = RunHistory()
        for index in 0..<500 {
            history.add(image(taking: Int64(index * 7919 % 500)), endedAt: Int64(index))
        }

        #expect(history.slowest.map(\.nanoseconds) == (490..<500).reversed().map(Int64.init))
        #expect(history.latency.count == 500)
    }

    @Test("counts all failed images and keeps the first")
    func keepsFailed() {
        var history = RunHistory()
        for index in 0..<300 {
            var image = image(taking: 1)
            image.failure = "reason \(index)"
            history.add(image, endedAt: 0)
        }

        #expect(history.failedCount == 300)
        #expect(history.failed.count == RunHistory.failedCapacity)
        #expect(history.failed.first?.failure == "reason 0")
        #expect(history.latency.count == 0)
    }

    @Test("takes the stages of its lanes and of no other thread")
    func collectsLanes() throws {
        let lane = Track(process: 1, thread: 5)
        let collector = HistoryCollector(began: moment(0), lanes: [(lane, "lane 0")])

        collector.receive([
            TimingSpan(.stage(.decode), on: lane, from: moment(0), to: moment(400)),
            TimingSpan(.part("median"), on: lane, from: moment(0), to: moment(400)),
            TimingSpan(
                .stage(.decode), on: Track(process: 2, thread: 5), from: moment(0), to: moment(400)),
        ])
        let bins = try #require(collector.current.lanes.first?.bins)

        #expect(bins.amount(inBin: 0, channel: Int(Stage.decode.rawValue)) == 400)
    }

    private func image(taking nanoseconds: Int64) -> ReportedImage {
        var image = ReportedImage(source: "a.png")
        image.stages = [(.decode, nanoseconds)]
        return image
    }
}
