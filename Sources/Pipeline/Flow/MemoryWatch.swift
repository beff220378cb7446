internal import Profiling
internal import SystemCalls

/// Looks at the memory of this process and its children a few times a second.
final class MemoryWatch: Sendable {
    private struct State: Sendable {
        var memory = TreeMemory()
        var hasEnded = false
    }

    private static let intervalNanoseconds: Int64 = 200_000_000

    private let state = Monitor(State())

    /// Looks now; a lane does so while its child still lives.
    func sample() {
        let children = CurrentProcess.childIDs()
        state.withLock { $0.memory.sample(children: children) }
    }

    /// Looks again and again until ``end()``.
    func run() {
        while state.waitUntil(
            withinNanoseconds: Self.intervalNanoseconds, { $0.hasEnded ? true : nil }) == nil
        {
            sample()
        }
    }

    /// Ends ``run()``.
    func end() {
        state.withLock { $0.hasEnded = true }
        state.wakeAll()
    }

    /// The most that was seen, in bytes.
    var peakByteCount: Int64 { state.withLock { $0.memory.peakByteCount } }
}
