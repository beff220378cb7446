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

        /// What is written before the first line of an image, then empty.
        var runLine: [UInt8]

        var pending: [UInt8] = []
        var failure: TransferError?

        mutating func flush() {
            guard !pending.isEmpty, failure == nil else { return }
            do {
                try file.append(pending.span)
            } catch {
                failure = error
            }
            pending.removeAll(keepingCapacity: true)
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
        if index.isTorn { try file.append([UInt8(ascii: "\n")].span) }
        self.index = index
        var json = JSONWriter()
        run.write(to: &json)
        state = Mutex(State(file: file, runLine: json.bytes))
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
    func prepare(_ outcomes: [ImageOutcome]) {
        append(outcomes.flatMap(preparedLine), flushing: true)
    }

    /// Notes finished images, soon.
    func end(_ outcomes: [ImageOutcome]) { append(outcomes.flatMap(endedLine), flushing: false) }

    /// Writes all lines that are held back.
    func flush() { append([], flushing: true) }

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

    private func append(_ bytes: [UInt8], flushing: Bool) {
        state.withLock {
            if !bytes.isEmpty {
                $0.pending += $0.runLine
                $0.runLine = []
                $0.pending += bytes
            }
            if flushing || $0.pending.count >= Self.flushByteCount { $0.flush() }
        }
    }

    private func preparedLine(_ outcome: ImageOutcome) -> [UInt8] {
        var json = JSONWriter()
        LedgerLine.prepared(outcome).begin(&json)
        json.pair("status", "prepared")
        json.pair("destination", outcome.destination?.percentEncoded)
        json.pair("sha256", outcome.outputHash)
        json.pair("run", run.id)
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func endedLine(_ outcome: ImageOutcome) -> [UInt8] {
        var json = JSONWriter()
        LedgerLine.ended(outcome, recipe: run.recipe).begin(&json)
        json.pair("status", outcome.status.rawValue)
        outcome.write(to: &json, since: began)
        json.pair("run", run.id)
        json.pair("recipe", run.recipe)
        json.pair("sourceModified", outcome.identity?.modificationNanoseconds.map { Int($0) })
        json.pair("entityTag", outcome.identity?.entityTag)
        json.pair("sha256", outcome.outputHash)
        json.pair("ended", Int(time(nil)))
        json.pair("host", run.host)
        json.endObject()
        json.endLine()
        return json.bytes
    }
}
