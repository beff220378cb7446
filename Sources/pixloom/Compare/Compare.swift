import ArgumentParser
import Codecs
import Images
import Pipeline
import Profiling
import SystemCalls
import Workers

/// Does the same work in threads and in processes, and says which to choose.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the same work in threads and in processes, and choose.",
        discussion: """
            Converts a sample of the inputs in each mode, in turns, and discards the outputs; \
            counts lanes up to --jobs, and kills a worker to see what a crash costs.
            """)

    @OptionGroup(title: "Input")
    var input: InputOptions

    @OptionGroup(title: "Output")
    var encoding: EncodingOptions

    @OptionGroup(title: "Filters")
    var filters: FilterOptions

    @OptionGroup(title: "Work")
    var work: WorkOptions

    @Option(
        help: ArgumentHelp("How long to measure, such as 1m.", valueName: "time"),
        transform: TimeLength.read)
    var duration = TimeLength(seconds: 30)

    @Option(help: "How often each mode is measured.")
    var rounds = 5

    @Flag(help: "Write all numbers as one JSON object to standard output.")
    var json = false

    @Option(help: ArgumentHelp("Write a page for a browser.", valueName: "file.html"))
    var report: BytePath?

    func validate() throws {
        guard (1...100).contains(rounds) else {
            throw ValidationError("--rounds is \(rounds): it must be 1 to 100")
        }
    }

    func run() throws {
        let inputs = try input.makeInputs()
        guard !inputs.contains(.standardInput) else {
            throw Failure("standard input can be read only once, so not compared", .usage)
        }
        guard report != "-" else {
            throw Failure(
                "the comparison goes to standard output; name a file for --report", .usage)
        }
        let page = try report.map(ResultFile.init)
        let isStopped = Cancellation()
        try watchSignals(isStopped)
        let measurement = Measurement(
            inputs: inputs, find: input.findOptions,
            recipe: try encoding.makeRecipe(filters, pixelLimit: work.maxPixels),
            settings: try work.makeSettings(for: inputs), roundCount: rounds,
            nanoseconds: duration.nanoseconds, isStopped: isStopped, progress: showProgress)
        let comparison: Comparison
        do {
            defer { clearProgress() }
            comparison = try measurement.run()
        } catch let error as PipelineError {
            throw Failure("\(error)", error.exitCode)
        } catch let error as SystemCallError {
            throw Failure("cannot measure: \(error)", .environment)
        } catch let error as WorkerError {
            throw Failure("\(error)", .environment)
        }
        if json {
            Terminal.write(comparison.jsonLine, to: 1)
        } else {
            for line in comparison.lines { Terminal.writeOutput(line) }
        }
        try page?.write(
            comparison.page(
                command: Surroundings.command, date: Surroundings.date,
                machine: Surroundings.machine))
    }

    /// The first signal ends the run that is going on, and with it the comparison.
    private func watchSignals(_ isStopped: Cancellation) throws {
        do {
            try SignalWatch.start { number in
                if isStopped.isSet { CurrentProcess.exit(128 + number) }
                isStopped.set()
            }
        } catch {
            throw Failure("cannot watch for signals: \(error)", .environment)
        }
    }

    private func showProgress(_ step: String) {
        guard Terminal.isInteractive else { return }
        Terminal.write("\r\(step.prefix(max(1, Terminal.width - 1)))\u{1B}[K", to: 2)
    }

    private func clearProgress() {
        if Terminal.isInteractive { Terminal.write("\r\u{1B}[K", to: 2) }
    }
}
