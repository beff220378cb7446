import Profiling
import Synchronization
import Testing

@Suite("A recorder")
struct RecorderTests {
    @Test("forwards each span with its image, and its parts, once it is flushed")
    func forwards() {
        let sink = CollectingSink()
        let lane = Track(process: 10, thread: 2)
        let child = Track(process: 11, thread: 0)
        var recorder = Recorder(forwardingTo: sink, track: lane)

        recorder.setImage(named: "a.png")
        recorder.record(.decode, from: moment(0), to: moment(5), byteCount: 12)
        recorder.recordPart(named: "median", on: child, from: moment(5), to: moment(8))
        recorder.setImage(named: nil)
        recorder.record(.waitForFetched, from: moment(8), to: moment(9))
        recorder.flush()

        #expect(sink.spans.map(\.imageName) == ["a.png", "a.png", nil])
        #expect(sink.spans.map(\.track) == [lane, child, lane])
        #expect(sink.spans.map(\.byteCount) == [12, 0, 0])
    }

    @Test("hands its spans over before they are many")
    func flushesByItself() {
        let sink = CollectingSink()
        var recorder = Recorder(forwardingTo: sink)

        for index in 0..<Int64(10_000) {
            recorder.record(.decode, from: moment(index), to: moment(index + 1))
        }

        #expect(sink.spans.count > 9_000)
    }

    @Test("counts times of another process that make no sense as nothing")
    func toleratesNonsense() {
        var recorder = Recorder()
        recorder.record(
            .filter, from: MonotonicInstant(nanoseconds: .max),
            to: MonotonicInstant(nanoseconds: .min + 5))
        recorder.record(.filter, from: moment(10), to: moment(0))
        var profile = Profile()
        profile.merge(recorder, role: .lane, name: "lane 0")

        #expect(profile.durations(of: .filter).count == 2)
        #expect(profile.nanoseconds(in: .filter) == 6)
    }
}

/// Keeps all spans that it receives.
final class CollectingSink: SpanSink {
    private let received = Mutex<[TimingSpan]>([])

    var spans: [TimingSpan] { received.withLock { $0 } }

    func receive(_ spans: [TimingSpan]) {
        received.withLock { $0 += spans }
    }
}
