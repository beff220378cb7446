internal import Profiling
internal import SystemCalls

/// Looks at a run a few times a second: at the memory of this process and its children, and at the
/// time that is left.
final class RunWatch: Sendable {
    private struct State: Sendable {
        var memory = TreeMemory()
        var hasEnded = false
    }

    private static let intervalNanoseconds: Int64 = 200_000_000

    private let state = Monitor(State())
    private let control: RunControl
    private let deadline: MonotonicInstant?

    /// Makes a watch over a run that begins now.
    ///
    /// - Parameters:
    ///   - control: Drains the run when its time is over.
    ///   - nanoseconds: The longest that the run may take; nil is any time.
    init(_ control: RunControl, maximumNanoseconds nanoseconds: Int64?) {
        self.control = control
        deadline = nanoseconds.map { MonotonicInstant.now.advanced(byNanoseconds: $0) }
    }

    /// Looks at the memory now; a lane does so while its child still lives.
    func sample() {
        let children = CurrentProcess.childIDs()
        state.withLock { $0.memory.sample(children: children) }
    }

    /// Looks again and again until ``end()``.
    func run() {
        while !hasEnded(withinNanoseconds: Self.intervalNanoseconds) {
            sample()
            if let deadline, MonotonicInstant.now > deadline { control.drain(.durationLimit) }
        }
    }

    /// Waits until ``end()`` or until some time has passed.
    ///
    /// - Returns: Whether the watch has ended.
    func hasEnded(withinNanoseconds nanoseconds: Int64) -> Bool {
        state.waitUntil(withinNanoseconds: nanoseconds) { $0.hasEnded ? true : nil } ?? false
    }

    /// Ends ``run()``.
    func end() {
        state.withLock { $0.hasEnded = true }
        state.wakeAll()
    }

    /// The most memory that was seen, in bytes.
    var peakByteCount: Int64 { state.withLock { $0.memory.peakByteCount } }
}
