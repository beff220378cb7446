internal import Filters
internal import Profiling
internal import Workers

/// Tells a thread's time by stages that follow each other without gaps: one clock read for each.
struct StageClock: ~Copyable {
    private(set) var recorder: Recorder

    /// When the stage that is going on began.
    private(set) var mark: MonotonicInstant

    init(_ recorder: consuming Recorder) {
        self.recorder = recorder
        mark = .now
    }

    /// How long the stage that is going on has taken so far.
    var elapsedNanoseconds: Int64 { MonotonicInstant.now.nanoseconds(since: mark) }

    /// Ends a stage that belongs to no image, or whose image is out of hand, now.
    mutating func lap(_ stage: Stage, byteCount: Int = 0) {
        let now = MonotonicInstant.now
        recorder.record(stage, from: mark, to: now, byteCount: byteCount)
        mark = now
    }

    /// Ends a stage of an image, now or when it ended elsewhere.
    mutating func lap(
        _ stage: Stage, byteCount: Int = 0, until end: MonotonicInstant = .now,
        in times: inout StageTimes
    ) {
        // A child's clock reads come from another process and are taken with care.
        let end = max(end, mark)
        recorder.record(stage, from: mark, to: end, byteCount: byteCount)
        times[stage] += end.nanoseconds(since: mark)
        mark = end
    }

    /// Counts the filters of a run that a stage of an image ended with, one after the other.
    mutating func parts(of run: FilterRun, in plan: FilterPlan) {
        var start = run.start
        let track = run.worker.map { Track(process: $0, thread: $0) }
        for step in run.steps {
            guard let name = plan.name(ofFilterAt: step.filterIndex) else { continue }
            let end = min(max(step.end, start), run.end)
            recorder.recordPart(named: name, on: track, from: start, to: end)
            start = end
        }
    }

    /// Names the track of a lane's child for traces.
    mutating func nameChild(_ id: CInt, ofLane number: Int) {
        recorder.nameTrack(
            Track(process: id, thread: id), "filters", ofProcess: "worker of lane \(number)")
    }

    /// Tells traces of something that happened to the image just now.
    mutating func note(_ name: @autoclosure () -> String, detail: @autoclosure () -> String) {
        if recorder.isForwarding { recorder.note(name(), at: .now, detail: detail()) }
    }

    /// Names the image of the following stages for traces.
    mutating func setImage(_ source: Source) {
        if recorder.isForwarding { recorder.setImage(named: source.displayName) }
    }

    /// Gives the recorder back at the thread's end.
    consuming func finish() -> Recorder {
        recorder.flush()
        return recorder
    }
}
