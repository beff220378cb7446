/// Where the time of a run went: what all threads recorded, by kind of thread and stage.
public struct Profile: Sendable {
    /// The threads that were merged, in that order.
    public private(set) var threads: [ThreadSummary] = []

    /// The parts of stages, such as the filters of a chain, in the order in which they first ended.
    public private(set) var parts: [PartSummary] = []

    private var counters = [[StageCounter]](
        repeating: [StageCounter](repeating: StageCounter(), count: Stage.allCases.count),
        count: ThreadRole.allCases.count)

    /// Makes the profile of nothing.
    public init() {}

    /// Adds what a thread recorded from its beginning to `end`.
    public mutating func merge(
        _ recorder: borrowing Recorder, role: ThreadRole, name: String,
        ended end: MonotonicInstant = .now
    ) {
        for index in Stage.allCases.indices {
            counters[Int(role.rawValue)][index].merge(recorder.stages[index])
        }
        for part in recorder.parts {
            let index = parts.firstIndex { $0.name == part.name } ?? parts.count
            if index == parts.count { parts.append(PartSummary(name: part.name)) }
            parts[index].durations.merge(part.durations)
        }
        threads.append(
            ThreadSummary(
                name: name, role: role, nanoseconds: end.nanoseconds(since: recorder.began),
                stages: recorder.stages.map(\.durations.total)))
    }

    /// One summary for each kind of thread and stage that occurred: lanes first, and stages in the
    /// order of an image's way, then the waits.
    public var stages: [StageSummary] {
        ThreadRole.allCases.flatMap { role in
            let time = nanoseconds(of: role)
            return Stage.allCases.compactMap { stage -> StageSummary? in
                let counter = counters[Int(role.rawValue)][Int(stage.rawValue)]
                guard counter.durations.count > 0 else { return nil }
                return StageSummary(stage: stage, role: role, counter: counter, roleTime: time)
            }
        }
    }

    /// The time of all threads of this kind, in nanoseconds.
    public func nanoseconds(of role: ThreadRole) -> Int64 {
        threads.reduce(0) { $0 + ($1.role == role ? $1.nanoseconds : 0) }
    }

    /// The time of all threads in this stage, in nanoseconds.
    public func nanoseconds(in stage: Stage) -> Int64 {
        counters.reduce(0) { $0 + $1[Int(stage.rawValue)].durations.total }
    }

    /// The time of all threads of this kind that did work, in nanoseconds.
    public func busyNanoseconds(of role: ThreadRole) -> Int64 {
        threads.reduce(0) { $0 + ($1.role == role ? $1.busyNanoseconds : 0) }
    }

    /// The part of their time that threads of this kind did work, from 0 to 1.
    public func utilisation(of role: ThreadRole) -> Double {
        ratio(busyNanoseconds(of: role), nanoseconds(of: role))
    }

    /// The durations of a stage over all threads.
    public func durations(of stage: Stage) -> Histogram {
        counters.reduce(into: Histogram()) { $0.merge($1[Int(stage.rawValue)].durations) }
    }

    /// The bytes of a stage over all threads.
    public func byteCount(of stage: Stage) -> Int64 {
        counters.reduce(0) { $0 + $1[Int(stage.rawValue)].byteCount }
    }
}

/// What one thread did with its time.
public struct ThreadSummary: Sendable {
    /// The thread's name, as in `lane 0`.
    public let name: String

    /// The kind of thread.
    public let role: ThreadRole

    /// The time from its beginning to its end.
    public let nanoseconds: Int64

    /// Nanoseconds by the raw value of the stage.
    let stages: [Int64]

    /// The time in a stage.
    public func nanoseconds(in stage: Stage) -> Int64 { stages[Int(stage.rawValue)] }

    /// The time in all stages that do work.
    public var busyNanoseconds: Int64 { Stage.work.reduce(0) { $0 + nanoseconds(in: $1) } }

    /// The part of its time in which it did work, from 0 to 1.
    public var utilisation: Double { ratio(busyNanoseconds, nanoseconds) }
}

/// A part of a stage over all threads.
public struct PartSummary: Sendable {
    /// What was done, as in `resize`.
    public let name: String

    /// How long it took, each time.
    public internal(set) var durations = Histogram()
}

/// One stage over all threads of a kind.
public struct StageSummary: Sendable {
    /// The stage.
    public let stage: Stage

    /// The kind of the threads that were in it.
    public let role: ThreadRole

    /// How long it took, each time.
    public let durations: Histogram

    /// The bytes that it took or made.
    public let byteCount: Int64

    /// Its part of the time of these threads, from 0 to 1.
    public let share: Double

    init(stage: Stage, role: ThreadRole, counter: StageCounter, roleTime: Int64) {
        self.stage = stage
        self.role = role
        durations = counter.durations
        byteCount = counter.byteCount
        share = ratio(durations.total, roleTime)
    }

    /// 10⁶ bytes a second of busy time, that is, of one thread; 0 where bytes have no meaning.
    public var megabytesPerSecond: Double { ratio(byteCount, durations.total) * 1000 }
}

/// The quotient, or 0 where the divisor is not positive.
func ratio(_ part: Int64, _ whole: Int64) -> Double {
    whole > 0 ? Double(part) / Double(whole) : 0
}
