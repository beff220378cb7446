import ArgumentParser
import SystemCalls

/// What a run shows.
struct ShowOptions: ParsableArguments {
    @Flag(
        name: [.customShort("n"), .long],
        help: "Say what would be done, and do nothing; there is no trace and no report.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "Progress on standard error, a line every 10 s where that is no terminal; "
                + "auto leaves it out with --quiet and -n.", valueName: "when"))
    var progress = ProgressChoice.auto

    @Flag(help: "Show failures and what was asked for, nothing else.")
    var quiet = false

    @Flag(help: "Show where the time went, by stage, and what to change.")
    var profile = false

    @Option(
        help: ArgumentHelp(
            "Write every stage of every image as a trace for ui.perfetto.dev or chrome://tracing.",
            valueName: "file"))
    var trace: BytePath?

    @Option(
        help: ArgumentHelp(
            "Write a page with plots of the run, for a browser.", valueName: "file.html"))
    var report: BytePath?

    @Flag(help: "Write one JSON object for each image to standard output, and a summary.")
    var json = false

    /// The options that write to standard output.
    var onStandardOutput: [String] {
        (json ? ["--json"] : []) + (trace == "-" ? ["--trace -"] : [])
            + (report == "-" ? ["--report -"] : [])
    }

    func validate() throws {
        if let trace, trace == report {
            throw ValidationError("--trace and --report are both \(trace); name two files")
        }
    }
}

/// When progress is shown.
enum ProgressChoice: String, ExpressibleByArgument, CaseIterable {
    case auto
    case always
    case never
}
