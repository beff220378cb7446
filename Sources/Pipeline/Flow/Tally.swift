internal import Profiling
internal import SystemCalls

/// Counts what became of the inputs and tells the run's observer; any thread may call it.
final class Tally: Sendable {
    private struct State: Sendable {
        var counts = BatchCounts()
        var folderHashes: Set<UInt64> = []
    }

    private let state = Monitor(State())
    private let observer: any BatchObserver
    private let control: RunControl
    private let stopsAtFirstError: Bool

    init(observer: any BatchObserver, control: RunControl, stopsAtFirstError: Bool) {
        self.observer = observer
        self.control = control
        self.stopsAtFirstError = stopsAtFirstError
    }

    /// Counts an input that was found.
    func found() { state.withLock { $0.counts.found += 1 } }

    /// Notes that all inputs were found.
    func foundAll() { state.withLock { $0.counts.isComplete = true } }

    /// Counts the one outcome of an input and passes it on; outcomes are passed one at a time.
    func end(_ outcome: ImageOutcome) {
        state.withLock {
            $0.counts.add(outcome)
            observer.ended(outcome)
        }
        if stopsAtFirstError, outcome.status == .failed { control.drain(.firstError) }
    }

    /// Passes a sentence on that the person should read.
    func note(_ note: String) { state.withLock { _ in observer.noted(note) } }

    /// Whether no output was stored in this folder yet.
    func isNewFolder(_ path: BytePath) -> Bool {
        let hash = StableHash(path.bytes).value
        return state.withLock { $0.folderHashes.insert(hash).inserted }
    }

    /// The counts so far.
    var counts: BatchCounts { state.withLock { $0.counts } }
}
