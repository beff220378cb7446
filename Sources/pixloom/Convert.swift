import ArgumentParser
import Codecs
import Filters
import Images
import Pipeline
import Profiling
import SystemCalls

/// Converts images: the main job.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Converts images: files, folders and addresses, on all cores.",
        usage: Pixloom.usage,
        discussion: """
            Exit codes: 0 all converted or up to date, 1 some failed, 2 usage, 3 no input, \
            4 environment, 5 limit reached, 75 try again, 130 interrupted, 143 terminated.
            """)

    @OptionGroup(title: "Input")
    var input: InputOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @OptionGroup(title: "Filters")
    var filters: FilterOptions

    @OptionGroup(title: "Work")
    var work: WorkOptions

    @OptionGroup(title: "Show")
    var show: ShowOptions

    func run() throws {
        let inputs = try input.makeInputs()
        let target = try output.makeTarget(for: inputs)
        let writers = show.onStandardOutput + (target == .standardOutput ? ["-o -"] : [])
        guard writers.count <= 1 else {
            throw Failure(
                "\(writers[0]) and \(writers[1]) would both write to standard output", .usage)
        }
        guard !work.retryFailed || !output.noLedger else {
            throw Failure("--retry-failed needs the ledger; leave out --no-ledger", .usage)
        }
        var recipe = try output.encoding.makeRecipe(filters, pixelLimit: work.maxPixels)
        recipe.format = try output.outputFormat(for: target)
        var settings = try work.makeSettings(for: inputs)
        output.apply(to: &settings)
        let pipeline = Pipeline(
            inputs: inputs, find: input.findOptions, target: target, recipe: recipe,
            settings: settings)
        let control = RunControl()
        try watchSignals(control)
        let recording = try Recording(show, settings)
        let console = Console(show, settings, recording)
        let summary: BatchSummary
        do {
            summary =
                try show.dryRun
                ? pipeline.plan(control: control, observer: console)
                : pipeline.run(control: control, observer: console, sink: recording.sink)
        } catch {
            console.end()
            try recording.finishTrace()
            throw Failure("\(error)", error.exitCode)
        }
        console.end(summary, recipe)
        try recording.finishTrace()
        try recording.writeReport(
            summary, settings, verdict: console.verdict(of: summary, recipe).sentence)
        let code = summary.exitCode(isShard: input.shard != nil)
        if case .environment(let reason) = summary.endingReason {
            throw Failure(reason, .environment)
        }
        if code == .noInput { throw Failure("no input matched", .noInput) }
        if code != .success { CurrentProcess.exit(code.rawValue) }
    }

    /// The first signal finishes what is in hand within some seconds; the second ends at once,
    /// which leaves at most hidden temporary files that the next run removes.
    private func watchSignals(_ control: RunControl) throws {
        do {
            try SignalWatch.start { number in
                if control.isDraining { CurrentProcess.exit(128 + number) }
                control.drain(.signal(number))
                control.cancelAfterGracePeriod()
            }
        } catch {
            throw Failure("cannot watch for signals: \(error)", .environment)
        }
    }
}

extension PipelineError {
    var exitCode: ExitCode {
        switch self {
        case .inputMissing, .collision, .outputIsInput, .unavailable: .usage
        case .noInput: .noInput
        case .outputFolder, .ledger, .sharedMemory, .worker, .thread: .environment
        }
    }
}

extension BatchSummary {
    fileprivate func exitCode(isShard: Bool) -> ExitCode {
        switch endingReason {
        case .signal(2): .interrupted
        case .signal: .terminated
        case .firstError: .someFailed
        case .errorLimit, .durationLimit: .limit
        case .noSpace: .temporary
        case .environment: .environment
        case nil:
            if counts[.failed] > 0 {
                .someFailed
            } else if counts.found == 0 && !isShard {
                .noInput
            } else {
                .success
            }
        }
    }
}
