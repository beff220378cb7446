internal import Glibc
internal import Profiling
internal import Synchronization
internal import SystemCalls
internal import Transfer

/// The record of a run on disk: what was made from what, one line for each finished image, so that
/// the same command run again does only what is missing or out of date.
///
/// Any thread may append. What the file system refuses is not tried again: the ledger falls silent,
/// says so once, and images that it does not name are made again by the next run.
final class Ledger: Sendable {
    private struct State: ~Copyable, Sendable {
        let file: AppendedFile

        /// The lines that are held back.
        var lines = JSONWriter()

        /// Whether the line of the run is among those that were written or are held back.
        var isRunTold = false

        var failure: TransferError?

        mutating func flush() {
            if !lines.bytes.isEmpty, failure == nil {
                do {
                    try file.append(lines.bytes.span)
                } catch {
                    failure = error
                }
            }
            lines.removeWritten()
        }
    }

    /// Lines of finished images are written at least this many bytes at a time.
    private static let flushByteCount = 1 << 16

    /// Where the ledger of an output folder is.
    static let standardPath: BytePath = ".pixloom/ledger.ndjson"

    /// What was known before this run.
    let index: LedgerIndex

    private let state: Mutex<State>
    private let run: LedgerRun
    private let began: MonotonicInstant

    /// Opens a ledger, after making it if there is none, and reads it.
    ///
    /// - Parameters:
    ///   - path: Its path below `folder`.
    ///   - folder: An open folder.
    ///   - run: This run, which is told in the ledger with its first image.
    ///   - findingFailures: Whether ``LedgerIndex/hasFailed(_:)`` is going to be asked.
    /// - Throws: ``TransferError`` if the file cannot be opened, read or appended to.
    init(
        _ path: BytePath, in folder: OutputFolder, run: LedgerRun, findingFailures: Bool = false
    ) throws(TransferError) {
        let file = try folder.openForAppending(path)
        let index = try LedgerIndex(file, findingFailures: findingFailures)
        self.index = index
        state = Mutex(State(file: file))
        self.run = run
        began = .now
    }

    /// Whether an output is what this recipe makes of this state of a source.
    func isUpToDate(
        _ path: BytePath, byteCount: Int, from source: Source, _ identity: SourceIdentity
    ) -> Bool {
        index.made(path)
            == LedgerLine.madeFrom(source, identity, recipe: run.recipe, outputByteCount: byteCount)
    }

    /// Notes outputs that are about to appear, at once: after a kill they are known to be ours.
    func prepare(_ outcomes: some Sequence<ImageOutcome>) {
        state.withLock { state in
            for outcome in outcomes { write(to: &state) { writePrepared(outcome, to: &$0) } }
            state.flush()
        }
    }

    /// Notes a finished image, soon.
    func end(_ outcome: ImageOutcome) {
        state.withLock { state in
            write(to: &state) { writeEnded(outcome, to: &$0) }
            if state.lines.bytes.count >= Self.flushByteCount { state.flush() }
        }
    }

    /// Writes all lines that are held back.
    func flush() { state.withLock { $0.flush() } }

    /// Writes all lines that are held back and waits until they are on disk.
    func sync() {
        state.withLock {
            $0.flush()
            do throws(TransferError) {
                try $0.file.sync()
            } catch {
                $0.failure = $0.failure ?? error
            }
        }
    }

    /// Why the ledger fell silent; nil if it did not.
    var failure: TransferError? { state.withLock { $0.failure } }

    /// Appends a line, and before the first one that of the run, which ends a torn one.
    private func write(to state: inout State, _ body: (inout JSONWriter) -> Void) {
        if !state.isRunTold {
            if index.isTorn { state.lines.endLine() }
            run.write(to: &state.lines)
            state.isRunTold = true
        }
        state.lines.beginObject()
        body(&state.lines)
        state.lines.endObject()
        state.lines.endLine()
    }

    private func writePrepared(_ outcome: ImageOutcome, to json: inout JSONWriter) {
        LedgerLine.prepared(outcome).write(to: &json)
        json.pair("status", "prepared")
        json.pair("destination", outcome.destination?.percentEncoded)
        writeHash(outcome, to: &json)
        json.pair("run", run.id)
    }

    private func writeEnded(_ outcome: ImageOutcome, to json: inout JSONWriter) {
        LedgerLine.ended(outcome, recipe: run.recipe).write(to: &json)
        json.pair("status", outcome.status.rawValue)
        outcome.write(to: &json, since: began)
        json.pair("run", run.id)
        json.pair("recipe", run.recipe)
        json.pair("sourceModified", outcome.identity?.modificationNanoseconds.map { Int($0) })
        json.pair("entityTag", outcome.identity?.entityTag)
        writeHash(outcome, to: &json)
        json.pair("ended", Int(time(nil)))
        json.pair("host", run.host)
    }

    private func writeHash(_ outcome: ImageOutcome, to json: inout JSONWriter) {
        guard let hash = outcome.outputHash else { return }
        json.key("sha256")
        json.value(hexadecimal: hash.words)
    }
}
