internal import Profiling

/// Tells a thread's time by stages that follow each other without gaps: one clock read for each.
struct StageClock: ~Copyable {
    private(set) var recorder: Recorder

    /// When the stage that is going on began.
    private(set) var mark: MonotonicInstant

    init(_ recorder: consuming Recorder) {
        self.recorder = recorder
        mark = .now
    }

    /// Ends a stage that belongs to no image, now.
    mutating func lap(_ stage: Stage) {
        let now = MonotonicInstant.now
        recorder.record(stage, from: mark, to: now)
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

    /// Names the image of the following stages for traces.
    mutating func setImage(_ source: Source) {
        if recorder.isForwarding { recorder.setImage(named: source.displayName) }
    }

    /// Gives the recorder back at the thread's end.
    consuming func finish() -> Recorder { recorder }
}
