internal import Synchronization

/// Keeps the history of a run while its threads work.
public final class HistoryCollector: SpanSink {
    private let began: MonotonicInstant
    private let lanes: [Track]
    private let history: Mutex<RunHistory>

    /// Begins a history.
    ///
    /// - Parameters:
    ///   - began: the run's beginning.
    ///   - lanes: the track and the name of each lane; spans on other tracks are ignored.
    public init(began: MonotonicInstant, lanes: [(track: Track, name: String)]) {
        self.began = began
        self.lanes = lanes.map(\.track)
        var history = RunHistory()
        for lane in lanes { history.addLane(named: lane.name) }
        self.history = Mutex(history)
    }

    /// Adds the stages of lanes.
    public func receive(_ spans: [TimingSpan]) {
        history.withLock { history in
            for span in spans {
                guard case .stage(let stage) = span.subject,
                    let lane = lanes.firstIndex(of: span.track)
                else { continue }
                history.add(
                    stage, lane: lane, from: span.start.nanoseconds(since: began),
                    to: span.end.nanoseconds(since: began))
            }
        }
    }

    /// Adds an image that has just ended.
    public func add(_ image: ReportedImage, endedAt instant: MonotonicInstant = .now) {
        history.withLock { $0.add(image, endedAt: instant.nanoseconds(since: began)) }
    }

    /// The history so far.
    public var current: RunHistory { history.withLock { $0 } }
}
