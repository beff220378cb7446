import Images
import Pipeline
import Profiling
import SystemCalls

/// The files that tell everything of a run: those of `--trace` and `--report`.
///
/// Both are opened before the run, so that hours of work do not end with a file that cannot be
/// written.
final class Recording: Sendable {
    private let trace: (events: TraceFile, file: ResultFile)?
    private let report: (history: HistoryCollector, file: ResultFile)?

    init(_ show: ShowOptions, _ settings: RunSettings) throws {
        // A dry run makes no files, nor does it empty those of an earlier run.
        guard !show.dryRun else {
            (trace, report) = (nil, nil)
            return
        }
        let began = MonotonicInstant.now
        let process = CurrentProcess.id
        trace = try show.trace.map {
            let file = try ResultFile($0)
            return (
                TraceFile(descriptor: file.descriptor, process: process, began: began), file
            )
        }
        report = try show.report.map {
            let lanes = (0..<settings.jobs).map {
                (Track(process: process, role: .lane, number: $0), "lane \($0)")
            }
            return (HistoryCollector(began: began, lanes: lanes), try ResultFile($0))
        }
    }

    /// Takes all spans of the run; nil where nobody wants them.
    var sink: (any SpanSink)? {
        var sinks: [any SpanSink] = []
        if let trace { sinks.append(trace.events) }
        if let report { sinks.append(report.history) }
        return sinks.count > 1 ? SpanSplitter(sinks) : sinks.first
    }

    /// Takes an image that has just ended.
    func ended(_ outcome: ImageOutcome) {
        guard outcome.status == .converted || outcome.status == .failed else { return }
        report?.history.add(ReportedImage(outcome))
    }

    /// Ends the trace, also of a run that could not begin.
    func finishTrace() throws {
        guard let trace else { return }
        do {
            try trace.events.finish()
        } catch {
            throw Failure("cannot write \(trace.file.path): \(error)", .environment)
        }
    }

    /// Writes the report.
    func writeReport(_ summary: BatchSummary, _ settings: RunSettings, verdict: String) throws {
        guard let report else { return }
        var data = ReportData(
            command: Surroundings.command, counts: OutcomeCounts(summary.counts),
            wallNanoseconds: summary.wallNanoseconds)
        data.date = Surroundings.date
        data.processorNanoseconds = summary.usage.nanoseconds
        data.peakMemoryByteCount = summary.peakMemoryByteCount
        data.verdict = verdict
        data.profile = summary.profile
        data.history = report.history.current
        data.settings = settings.facts
        data.machine = Surroundings.machine
        try report.file.write(Report(data).page)
    }
}

extension ReportedImage {
    init(_ outcome: ImageOutcome) {
        self.init(source: outcome.source.displayName)
        stages = Stage.work.compactMap { stage in
            let nanoseconds = outcome.times[stage]
            return nanoseconds > 0 ? (stage, nanoseconds) : nil
        }
        byteCountIn = Int64(outcome.byteCountIn)
        byteCountOut = Int64(outcome.byteCountOut)
        if let sourceSize = outcome.sourceSize {
            size = "\(sourceSize.width)×\(sourceSize.height)"
        }
        attempts = outcome.attempts
        failure = outcome.failure?.description(of: outcome.source)
    }
}

extension OutcomeCounts {
    fileprivate init(_ counts: BatchCounts) {
        self.init()
        converted = counts[.converted]
        upToDate = counts[.upToDate]
        skipped = counts[.skipped]
        failed = counts[.failed]
    }
}

extension RunSettings {
    /// What a report tells of the settings.
    fileprivate var facts: [ReportData.Fact] {
        [
            .init("mode", mode.rawValue), .init("lanes", "\(jobs)"),
            .init("I/O threads", "\(ioJobs) that fetch, \(ioJobs) that store"),
            .init("image memory", "at most \(Quantity.binary(byteCount: Int64(memoryByteCount)))"),
            .init("retries", "\(retries)"),
            .init("time limit", Quantity.duration(nanoseconds: timeoutNanoseconds)),
        ]
    }
}
