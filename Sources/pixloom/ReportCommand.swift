import ArgumentParser
import Glibc
import Profiling
import SystemCalls

/// Makes a page of an earlier run from its ledger.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Make a page with plots of an earlier run, from its ledger.")

    @Argument(
        help: ArgumentHelp(
            "The ledger of an output folder (.pixloom/ledger.ndjson), or what --json printed; "
                + "- is standard input.",
            valueName: "ledger"))
    var ledger: BytePath

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The page; - is standard output.", valueName: "file.html"))
    var output: BytePath

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp(
            "The run, by the first digits of its name (default: the last one of the ledger).",
            valueName: "run"))
    var wanted: String?

    func run() throws {
        var reader = LedgerReader(run: wanted)
        try LineReader.read(ledger) { reader.add($0) }
        guard reader.imageCount > 0 else {
            throw Failure("\(ledger) tells of no image", .noInput)
        }
        guard reader.hasFoundRun else {
            let names = reader.runs.map(\.id).filter { !$0.isEmpty }.suffix(5)
            throw Failure(
                "\(ledger) tells of no run \(wanted ?? ""); its last ones are "
                    + names.joined(separator: ", "), .usage)
        }
        let count = reader.brokenLineCount
        if count > 0 {
            Terminal.writeError(
                "pixloom: \(ledger): \(count) \(count == 1 ? "line is" : "lines are") cut off or no JSON"
            )
        }
        let data = reader.data(command: ledger.description)
        try ResultFile(output).write(Report(data).page)
    }
}

/// Reads a file line by line.
private enum LineReader {
    /// - Throws: ``Failure`` if the file cannot be read.
    static func read(_ path: BytePath, _ body: (ArraySlice<UInt8>) -> Void) throws {
        let number =
            path == "-"
            ? dup(STDIN_FILENO)
            : unsafe path.withCString { unsafe open($0, O_RDONLY | O_CLOEXEC) }
        guard number != -1 else { throw failure(path, "open") }
        let file = OwnedDescriptor(adopting: number)
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        var rest: [UInt8] = []
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(file.rawValue, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, "read") }
            guard count > 0 else { break }
            var lines = chunk[..<count].split(
                separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let last = lines.removeLast()
            if let first = lines.first {
                body((rest + first)[...])
                for line in lines.dropFirst() { body(line) }
                rest = Array(last)
            } else {
                rest += last
            }
        }
        body(rest[...])
    }

    private static func failure(_ path: BytePath, _ call: String) -> Failure {
        Failure("cannot read \(path): \(SystemCallError.failed(call, errno: errno))", .usage)
    }
}
