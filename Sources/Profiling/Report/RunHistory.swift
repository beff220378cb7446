/// What happened in a run and when, in fixed memory: lanes, images, the slowest and the failed ones.
public struct RunHistory: Sendable {
    /// The time of each lane by stage.
    private(set) var lanes: [(name: String, bins: TimeBins)] = []

    /// Images and bytes as they ended; channels of ``Channel``.
    private(set) var ended = TimeBins(channelCount: Channel.allCases.count)

    /// How long images took in all their stages.
    private(set) var latency = Histogram()

    /// The images that took longest, the longest first.
    private(set) var slowest: [ReportedImage] = []

    /// The first images that failed.
    private(set) var failed: [ReportedImage] = []

    /// All images that failed.
    private(set) var failedCount = 0

    static let slowestCapacity = 10
    static let failedCapacity = 200

    /// Makes the history of a run that did nothing.
    public init() {}

    /// Adds a lane; its index is the number of lanes before it.
    public mutating func addLane(named name: String) {
        lanes.append((name, TimeBins(channelCount: Stage.allCases.count)))
    }

    /// Adds what a lane did.
    ///
    /// - Parameters:
    ///   - stage: what the lane did.
    ///   - lane: the index of the lane; one that was not added is ignored.
    ///   - start: when it began, in nanoseconds since the run's beginning.
    ///   - end: when it ended.
    public mutating func add(_ stage: Stage, lane: Int, from start: Int64, to end: Int64) {
        guard lanes.indices.contains(lane) else { return }
        lanes[lane].bins.addTime(channel: Int(stage.rawValue), from: start, to: end)
    }

    /// Adds the stages that a lane did for an image, one after the other from `start` on: all that a
    /// ledger tells of them.
    public mutating func addStages(of image: ReportedImage, lane: Int, from start: Int64) {
        var start = start
        for (stage, nanoseconds) in image.stages where stage.isOfLane {
            let end = start &+ max(nanoseconds, 0)
            add(stage, lane: lane, from: start, to: end)
            start = end
        }
    }

    /// Adds an image that ended `moment` nanoseconds after the run's beginning.
    public mutating func add(_ image: ReportedImage, endedAt moment: Int64) {
        if image.failure != nil {
            failedCount += 1
            if failed.count < RunHistory.failedCapacity { failed.append(image) }
            return
        }
        ended.add(1, channel: Channel.images.rawValue, at: moment)
        ended.add(image.byteCountIn, channel: Channel.bytesIn.rawValue, at: moment)
        ended.add(image.byteCountOut, channel: Channel.bytesOut.rawValue, at: moment)
        latency.record(nanoseconds: image.nanoseconds)
        let place = slowest.firstIndex { $0.nanoseconds < image.nanoseconds } ?? slowest.count
        guard place < RunHistory.slowestCapacity else { return }
        slowest.insert(image, at: place)
        if slowest.count > RunHistory.slowestCapacity { slowest.removeLast() }
    }

    /// What the bins of ended images hold.
    enum Channel: Int, CaseIterable {
        case images, bytesIn, bytesOut
    }
}
