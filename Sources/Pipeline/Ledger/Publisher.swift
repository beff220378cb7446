internal import Profiling
internal import Synchronization
internal import SystemCalls
internal import Transfer

/// Gives outputs their names, on disk as far as the run wants it, and tells tally and ledger.
///
/// With `--durability batch` a thread of its own takes all outputs that wait, notes that they are
/// prepared, syncs the file system once, gives them their names, and calls them done in the ledger
/// after the next sync: at whatever moment the power fails, what the ledger calls done is on disk
/// and the rest is made again. With `none` it does the same without syncs, since one write for the
/// ledger's lines of many outputs costs much less than one for each. Otherwise, and where there is
/// nothing to gather, the storer's thread publishes each output by itself.
final class Publisher: Sendable {
    private struct State: Sendable {
        var waiting: [WaitingOutput] = []
        var isClosed = false
    }

    private enum Condition {
        static var outputsWait: Int { 0 }
        static var roomIsFree: Int { 1 }
    }

    /// How long outputs wait for others to be published with: a sync is to be worth its price, a
    /// write alone costs little.
    private var batchNanoseconds: Int64 {
        settings.durability == .batch ? 500_000_000 : 5_000_000
    }

    /// The most outputs that wait for the next batch; storers wait then.
    static let capacity = 1000

    private let folder: OutputFolder
    private let settings: RunSettings
    private let ledger: Ledger?
    private let tally: Tally
    private let state = Monitor(State(), conditionCount: 2)

    init(folder: OutputFolder, settings: RunSettings, ledger: Ledger?, tally: Tally) {
        self.folder = folder
        self.settings = settings
        self.ledger = ledger
        self.tally = tally
    }

    /// Whether ``run()`` needs a thread.
    var gathersOutputs: Bool {
        switch settings.durability {
        case .none: ledger != nil
        case .batch: true
        case .each: false
        }
    }

    /// Writes an output that has no name yet, for ``publish(_:as:at:)``.
    func prepare(
        _ bytes: [UInt8], of outcome: ImageOutcome, at path: BytePath
    ) throws(TransferError) -> PreparedFile {
        try folder.prepare(
            bytes.span, at: path,
            replacing: settings.overwrite == .always || outcome.replacesOutput,
            syncing: settings.durability == .each)
    }

    /// Gives an output its name, now or with the next batch; its outcome is told then.
    func publish(_ file: consuming PreparedFile, as outcome: ImageOutcome, at path: BytePath) {
        let output = WaitingOutput(file, of: outcome)
        if gathersOutputs { return publishLater(output) }
        switch settings.durability {
        case .none, .batch: _ = name(output)
        case .each: publishSynced(output, in: path.parent)
        }
    }

    private func publishSynced(_ output: WaitingOutput, in folderPath: BytePath) {
        ledger?.prepare([output.outcome])
        ledger?.sync()
        let outcome = name(output)
        // An output whose name may be lost is not called done, so it is made again.
        do {
            try folder.syncNames(in: folderPath)
        } catch {
            return tally.note(
                "cannot sync the folder of \(output.outcome.source.displayName): \(error)")
        }
        noteDone(outcome)
        ledger?.sync()
    }

    private func publishLater(_ output: WaitingOutput) {
        let count = state.waitUntil(on: Condition.roomIsFree) { state -> Int? in
            guard state.waiting.count < Self.capacity else { return nil }
            state.waiting.append(output)
            return state.waiting.count
        }
        // The publisher sleeps until the first comes, and then until there is no room for more.
        if count == 1 || count == Self.capacity { state.wakeOne(on: Condition.outputsWait) }
    }

    /// Publishes batches until ``close()``; the life of a thread.
    func run() {
        var named: [ImageOutcome] = []
        while let outputs = nextBatch() {
            ledger?.prepare(outputs.lazy.map(\.outcome))
            do {
                try syncBatch()
            } catch {
                for output in outputs { tally.end(output.dropped(by: error)) }
                // A later sync would not tell whether the names before it reached the disk.
                named = []
                continue
            }
            for outcome in named { noteDone(outcome) }
            named = outputs.map { name($0) }
        }
        // The names of the last batch.
        if !named.isEmpty {
            do {
                try syncBatch()
                for outcome in named { noteDone(outcome) }
            } catch {
                tally.note("cannot sync the last \(named.count) outputs: \(error)")
            }
        }
        ledger?.flush()
    }

    private func syncBatch() throws(TransferError) {
        if settings.durability == .batch { try folder.syncAll() }
    }

    /// Says that no more outputs will come.
    func close() {
        state.withLock { $0.isClosed = true }
        state.wakeAll(on: Condition.outputsWait)
    }

    private func nextBatch() -> [WaitingOutput]? {
        let mayWait = state.waitUntil(on: Condition.outputsWait) { state -> Bool? in
            state.isClosed ? false : state.waiting.isEmpty ? nil : true
        }
        if mayWait {
            // Others come meanwhile; a full queue or the end of the run does not wait for them.
            _ = state.waitUntil(withinNanoseconds: batchNanoseconds) { state -> Void? in
                state.isClosed || state.waiting.count >= Self.capacity ? () : nil
            }
        }
        let outputs = state.withLock { state -> [WaitingOutput] in
            defer { state.waiting = [] }
            return state.waiting
        }
        state.wakeAll(on: Condition.roomIsFree)
        return outputs.isEmpty ? nil : outputs
    }

    /// Calls an output done in the ledger; one that failed is in it already.
    private func noteDone(_ outcome: ImageOutcome) {
        if outcome.status == .converted { ledger?.end(outcome) }
    }

    private func name(_ output: WaitingOutput) -> ImageOutcome {
        var outcome = output.named()
        if outcome.failure?.kind == "exists", isMadeAlready(output.outcome) {
            outcome = output.outcome
        }
        tally.end(outcome)
        return outcome
    }

    /// Whether another run of the same work has made the very same output meanwhile.
    private func isMadeAlready(_ outcome: ImageOutcome) -> Bool {
        guard settings.overwrite == .stale, let path = outcome.destination,
            let hash = outcome.outputHash
        else { return false }
        return (try? folder.contentHash(of: path)) == hash
    }
}

/// An output that is written but has no name yet.
private final class WaitingOutput: Sendable {
    let outcome: ImageOutcome
    private let file: Mutex<PreparedFile?>

    init(_ file: consuming PreparedFile, of outcome: ImageOutcome) {
        self.outcome = outcome
        self.file = Mutex(consume file)
    }

    /// Gives the file its name.
    ///
    /// - Returns: The outcome, which failed if the name could not be given.
    func named() -> ImageOutcome {
        do throws(TransferError) {
            try file.withLock { file throws(TransferError) in try file.take()?.publish() }
            return outcome
        } catch {
            return outcome.failed(ImageFailure(.store, error))
        }
    }

    /// Removes the file.
    ///
    /// - Returns: The outcome, failed.
    func dropped(by error: TransferError) -> ImageOutcome {
        file.withLock { $0 = nil }
        return outcome.failed(ImageFailure(.store, error))
    }
}
