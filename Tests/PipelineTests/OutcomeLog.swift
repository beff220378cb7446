import Synchronization

@testable import Pipeline

/// Keeps the outcomes of a run for a test to look at.
final class OutcomeLog: BatchObserver {
    private struct State: Sendable {
        var outcomes: [ImageOutcome] = []
        var onOutcome: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())

    var outcomes: [ImageOutcome] { state.withLock { $0.outcomes } }

    /// What each source came to, by its name; the last one counts.
    var statuses: [String: ImageOutcome.Status] {
        Dictionary(outcomes.map { ("\($0.source.name)", $0.status) }) { $1 }
    }

    /// The kinds of failures by the names of their sources.
    var kinds: [String: String?] {
        Dictionary(outcomes.map { ("\($0.source.name)", $0.failure?.kind) }) { $1 }
    }

    /// Called for each outcome.
    var onOutcome: @Sendable () -> Void {
        get { state.withLock { $0.onOutcome } }
        set { state.withLock { $0.onOutcome = newValue } }
    }

    func began(_ counts: @escaping @Sendable () -> BatchCounts) {}

    func noted(_ note: String) {}

    func ended(_ outcome: ImageOutcome) {
        let onOutcome = state.withLock {
            $0.outcomes.append(outcome)
            return $0.onOutcome
        }
        onOutcome()
    }
}
