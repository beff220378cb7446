/// What one thread measures about itself, in fixed memory and without locks.
///
/// Each thread owns one and hands it to ``Profile/merge(_:role:name:ended:)`` at its end.
/// Recording costs some nanoseconds; the caller's two clock reads cost more.
public struct Recorder: ~Copyable, Sendable {
    let began: MonotonicInstant
    private(set) var stages = [StageCounter](repeating: StageCounter(), count: Stage.allCases.count)
    private(set) var parts: [PartCounter] = []

    private let sink: (any SpanSink)?
    private let track: Track
    private var spans: [TimingSpan] = []
    private var imageName: String?

    private static let spanCapacity = 256

    /// Makes a recorder for the calling thread.
    ///
    /// - Parameters:
    ///   - sink: takes every single span, for traces and reports; without it only sums are kept.
    ///   - track: the thread's place in the trace.
    ///   - began: when the thread began.
    public init(
        forwardingTo sink: (any SpanSink)? = nil, track: Track = Track(process: 0, thread: 0),
        began: MonotonicInstant = .now
    ) {
        self.sink = sink
        self.track = track
        self.began = began
    }

    /// Whether single spans are wanted, and so the names of images and the parts of stages.
    public var isForwarding: Bool { sink != nil }

    /// Names the image that the following spans belong to, or none.
    public mutating func setImage(named name: String?) {
        if sink != nil { imageName = name }
    }

    /// Counts one stage of one image.
    ///
    /// - Parameters:
    ///   - stage: what the thread did.
    ///   - start: when it began.
    ///   - end: when it ended.
    ///   - byteCount: the bytes that it took or made, for its MB/s: encoded ones for fetch and
    ///     store, those of the pixels for decode, filter and encode.
    public mutating func record(
        _ stage: Stage, from start: MonotonicInstant, to end: MonotonicInstant, byteCount: Int = 0
    ) {
        let index = Int(stage.rawValue)
        stages[index].durations.record(nanoseconds: end.nanoseconds(since: start))
        stages[index].byteCount &+= Int64(byteCount)
        if sink != nil {
            forward(
                TimingSpan(
                    .stage(stage), on: track, from: start, to: end, byteCount: byteCount,
                    imageName: imageName))
        }
    }

    /// Counts a part of a stage, such as one filter, which the stage's own time includes.
    ///
    /// - Parameters:
    ///   - name: what was done.
    ///   - other: the track of the child that did it; `nil` for this thread.
    ///   - start: when it began.
    ///   - end: when it ended.
    public mutating func recordPart(
        named name: String, on other: Track? = nil, from start: MonotonicInstant,
        to end: MonotonicInstant
    ) {
        let index = parts.firstIndex { $0.name == name } ?? parts.count
        if index == parts.count { parts.append(PartCounter(name: name)) }
        parts[index].durations.record(nanoseconds: end.nanoseconds(since: start))
        if sink != nil {
            forward(
                TimingSpan(
                    .part(name), on: other ?? track, from: start, to: end, imageName: imageName))
        }
    }

    /// Names the track of this thread, or that of the child that works for it.
    public mutating func nameTrack(
        _ other: Track? = nil, _ name: String, ofProcess processName: String
    ) {
        sink?.name(other ?? track, name, ofProcess: processName)
    }

    /// Tells the trace that something happened that took no time, such as a crash.
    public mutating func note(_ name: String, at instant: MonotonicInstant, detail: String) {
        guard let sink else { return }
        flush()
        sink.note(name, on: track, at: instant, detail: detail)
    }

    /// Hands the spans that are held back to the sink; to be called at the thread's end.
    public mutating func flush() {
        guard let sink, !spans.isEmpty else { return }
        sink.receive(spans)
        spans.removeAll(keepingCapacity: true)
    }

    private mutating func forward(_ span: TimingSpan) {
        spans.append(span)
        if spans.count >= Recorder.spanCapacity { flush() }
    }
}

/// The sums of one part of a stage.
struct PartCounter: Sendable {
    let name: String
    var durations = Histogram()
}

/// The sums of one stage.
struct StageCounter: Sendable {
    var durations = Histogram()
    var byteCount: Int64 = 0

    mutating func merge(_ other: StageCounter) {
        durations.merge(other.durations)
        byteCount &+= other.byteCount
    }
}
