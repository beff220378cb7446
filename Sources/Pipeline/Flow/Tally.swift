internal import Profiling
internal import SystemCalls

/// Counts what became of the inputs, tells observer, ledger and quarantine, and ends the run where
/// a limit is reached; any thread may call it.
final class Tally: Sendable {
    private struct State: Sendable {
        var counts = BatchCounts()
        var folderHashes: Set<UInt64> = []
        var fullDiskFailures = 0
    }

    /// Outputs that find no space, with none between that did, before the run is ended: what waits
    /// in the lanes would find none either.
    private static let fullDiskLimit = 3

    private let state = Monitor(State())
    private let observer: any BatchObserver
    private let control: RunControl
    private let settings: RunSettings
    private let ledger: Ledger?
    private let quarantine: Quarantine?

    init(
        observer: any BatchObserver, control: RunControl, settings: RunSettings, ledger: Ledger?,
        quarantine: Quarantine?
    ) {
        self.observer = observer
        self.control = control
        self.settings = settings
        self.ledger = ledger
        self.quarantine = quarantine
    }

    /// Counts an input that was found.
    func found() { state.withLock { $0.counts.found += 1 } }

    /// Notes that all inputs were found.
    func foundAll() { state.withLock { $0.counts.isComplete = true } }

    /// Counts the one outcome of an input and passes it on; outcomes are passed one at a time.
    ///
    /// The ledger gets converted images from the publisher, which knows when they are on disk.
    func end(_ outcome: ImageOutcome) {
        let isLimitReached = state.withLock { state -> Bool in
            state.counts.add(outcome)
            // What fails before it is stored tells nothing of the disk.
            if outcome.status == .converted { state.fullDiskFailures = 0 }
            if outcome.failure?.kind == "no-space" { state.fullDiskFailures += 1 }
            if state.fullDiskFailures >= Self.fullDiskLimit { control.drain(.noSpace) }
            observer.ended(outcome)
            return settings.errorLimit.isExceeded(by: state.counts)
        }
        if outcome.status == .failed {
            ledger?.end(outcome)
            if let error = quarantine?.add(outcome) {
                note("cannot quarantine \(outcome.source.displayName): \(error)")
            }
            if settings.stopsAtFirstError { control.drain(.firstError) }
        }
        if isLimitReached { control.drain(.errorLimit) }
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
