import Profiling

/// Nanoseconds in a second.
let second: Int64 = 1_000_000_000

/// Nanoseconds in a millisecond.
let millisecond: Int64 = 1_000_000

/// A moment `nanoseconds` after the beginning of every synthetic run.
func moment(_ nanoseconds: Int64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: 1_000 * second + nanoseconds)
}

/// One stage of a synthetic thread, done `count` times in a row.
struct Step {
    let stage: Stage
    let nanoseconds: Int64
    let count: Int
    let byteCount: Int

    init(_ stage: Stage, _ nanoseconds: Int64, count: Int = 1, byteCount: Int = 0) {
        self.stage = stage
        self.nanoseconds = nanoseconds
        self.count = count
        self.byteCount = byteCount
    }
}

extension Profile {
    /// Adds a thread that does the steps one after the other without a gap.
    mutating func add(_ role: ThreadRole, _ steps: [Step], idle: Int64 = 0, name: String = "thread")
    {
        var recorder = Recorder(began: moment(0))
        var now: Int64 = 0
        for step in steps {
            for _ in 0..<step.count {
                recorder.record(
                    step.stage, from: moment(now), to: moment(now + step.nanoseconds),
                    byteCount: step.byteCount)
                now += step.nanoseconds
            }
        }
        merge(recorder, role: role, name: name, ended: moment(now + idle))
    }
}
