import Pipeline
import Profiling
import SystemCalls

/// What a person or a program sees of a run: progress, failures, JSON, the summary.
final class Console: BatchObserver {
    private let show: ShowOptions
    private let settings: RunSettings
    private let progress: ProgressLine
    private let began = MonotonicInstant.now

    init(_ show: ShowOptions, _ settings: RunSettings) {
        self.show = show
        self.settings = settings
        progress = ProgressLine(show)
    }

    func began(_ counts: @escaping @Sendable () -> BatchCounts) { progress.start(counts) }

    func noted(_ note: String) {
        if !show.quiet { progress.write("pixloom: \(note)") }
    }

    func ended(_ outcome: ImageOutcome) {
        if show.json { progress.writeOutput(outcome.jsonLine(since: began)) }
        if let failure = outcome.failure {
            progress.write("pixloom: \(failure.description(of: outcome.source))")
        }
        for warning in outcome.warnings where !show.quiet {
            progress.write("pixloom: \(outcome.source.displayName): \(warning)")
        }
        if show.dryRun, outcome.status == .planned, !show.json {
            let destination = outcome.destination?.description ?? "(named when it is read)"
            Terminal.writeOutput("\(outcome.source.displayName) -> \(destination)")
        }
    }

    /// Ends the progress line.
    func end() { progress.end() }

    /// Ends the progress line and shows what the run came to.
    func end(_ summary: BatchSummary, _ recipe: Recipe) {
        progress.end()
        if show.json { Terminal.write(summary.jsonLine(settings), to: 1) }
        if show.profile, !show.dryRun {
            for line in summary.profile.table() { Terminal.writeError(line) }
            Terminal.writeError(summary.verdict(settings, recipe))
        }
        if !show.quiet { Terminal.writeError(summary.text) }
    }
}
