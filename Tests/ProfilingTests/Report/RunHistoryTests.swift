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

    @Test("places the stages that a ledger tells one after the other")
    func placesStages() throws {
        var history = RunHistory()
        history.addLane(named: "lane 0")
        var image = ReportedImage(source: "a.png")
        image.stages = [
            (.fetch, 50 * millisecond), (.decode, 3 * millisecond), (.encode, 2 * millisecond),
        ]

        history.addStages(of: image, lane: 0, from: 4 * millisecond)
        let bins = try #require(history.lanes.first?.bins)
        let stages = (0..<10).map { bin in
            Stage.allCases.first { bins.amount(inBin: bin, channel: Int($0.rawValue)) > 0 }
        }

        #expect(
            stages == [
                nil, nil, nil, nil, .decode, .decode, .decode, .encode, .encode, nil,
            ])
    }

    @Test("survives stages from a ledger that make no sense", arguments: [Int64.min, -1, .max])
    func survivesNonsense(nanoseconds: Int64) {
        var history = RunHistory()
        history.addLane(named: "lane 0")
        var image = image(taking: nanoseconds)
        image.stages.append((.encode, nanoseconds))

        history.addStages(of: image, lane: 0, from: nanoseconds)
        history.addStages(of: image, lane: 1, from: 0)
        history.add(image, endedAt: nanoseconds)

        #expect(history.latency.count == 1)
    }

    private func image(taking nanoseconds: Int64) -> ReportedImage {
        var image = ReportedImage(source: "a.png")
        image.stages = [(.decode, nanoseconds)]
        return image
    }
}
