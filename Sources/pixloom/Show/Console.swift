import Codecs
import Images
import Pipeline
import Profiling
import SystemCalls

/// What a person or a program sees of a run: progress, failures, JSON, the summary.
final class Console: BatchObserver {
    private let show: ShowOptions
    private let settings: RunSettings
    private let recording: Recording
    private let progress: ProgressLine
    private let seen = Monitor(Seen())
    private let began = MonotonicInstant.now

    /// What decides which advice makes sense.
    private struct Seen: Sendable {
        var hasURLs = false
        var writesPNG = false
    }

    init(_ show: ShowOptions, _ settings: RunSettings, _ recording: Recording) {
        self.show = show
        self.settings = settings
        self.recording = recording
        progress = ProgressLine(show)
    }

    func began(_ counts: @escaping @Sendable () -> BatchCounts) { progress.start(counts) }

    func noted(_ note: String) {
        if !show.quiet { progress.write("pixloom: \(note)") }
    }

    func ended(_ outcome: ImageOutcome) {
        recording.ended(outcome)
        seen.withLock {
            if case .url = outcome.source.place { $0.hasURLs = true }
            if outcome.format == .png { $0.writesPNG = true }
        }
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
        let verdict = show.dryRun ? nil : verdict(of: summary, recipe)
        if show.json { Terminal.write(summary.jsonLine(settings, verdict: verdict), to: 1) }
        if show.profile, let verdict {
            for line in summary.profile.table() { Terminal.writeError(line) }
            Terminal.writeError(verdict.sentence)
        }
        if !show.quiet { Terminal.writeError(summary.text) }
    }

    /// What binds and what to change.
    func verdict(of summary: BatchSummary, _ recipe: Recipe) -> Verdict {
        var context = RunContext(
            usesProcesses: settings.mode == .processes, jobs: settings.jobs,
            ioJobs: settings.ioJobs, cores: Machine.allowedProcessorCount,
            wallNanoseconds: summary.wallNanoseconds, imageCount: summary.counts.done)
        let seen = seen.withLock { $0 }
        context.hasURLs = seen.hasURLs
        for name in ["median", "box-blur", "gaussian-blur", "unsharp"] {
            context.filterRemedies[name] = "a smaller radius"
        }
        if seen.writesPNG {
            switch recipe.encoding.pngEffort {
            case .small: context.cheaperEncoding = "--png-effort balanced"
            case .balanced: context.cheaperEncoding = "--png-effort fast"
            case .fast: break
            }
        }
        return summary.profile.verdict(context: context)
    }
}
