public import Filters
internal import Images
public import Profiling
public import SystemCalls

/// Filters in a child process of its own, in a segment of memory that both map.
///
/// The child is started when it is first needed and again after each fault; the segment stays for
/// the life of the lane. A fault is always followed by a kill and a reap before the error is
/// thrown, so the memory has one writer again when the lane decodes into it anew.
public struct ChildProcessExecutor: FilterExecutor, ~Copyable {
    private let chain: FilterChain
    private let executable: String
    private var segment: SharedMemorySegment
    private var worker: Worker?
    private var lastNumber: UInt64 = 0

    /// Reserves the segment; no child is started yet.
    ///
    /// - Parameters:
    ///   - chain: The filters of the run.
    ///   - executable: The path of `pixloom-worker`.
    ///   - byteCountLimit: The most memory that one image may take.
    ///   - kind: Where the memory comes from.
    /// - Throws: ``SystemCallError`` if there is no shared memory.
    public init(
        chain: FilterChain, executable: String, byteCountLimit: Int, kind: SharedMemoryKind
    ) throws(SystemCallError) {
        self.chain = chain
        self.executable = executable
        self.segment = try SharedMemorySegment(reserving: byteCountLimit, as: kind)
    }

    /// Starts a child and waits until it is ready, so that a run that cannot work ends before its
    /// first image.
    ///
    /// - Throws: ``WorkerError/cannotStart(executable:reason:)``.
    public mutating func start() throws(WorkerError) {
        try startWorkerIfNeeded()
        try awaitReady()
    }

    /// Commits memory, and starts a child that gets ready while the lane decodes.
    public mutating func makeRoom(byteCount: Int) throws(WorkerError) {
        guard byteCount <= segment.reservedByteCount else {
            throw .memoryLimitExceeded(needed: byteCount, limit: segment.reservedByteCount)
        }
        do {
            try segment.commit(byteCount: byteCount)
        } catch {
            throw .outOfMemory(error, needed: byteCount - segment.committedByteCount)
        }
        try startWorkerIfNeeded()
    }

    /// Lends the first `byteCount` bytes of the segment.
    public mutating func withMemory<Result: ~Copyable, Failure: Error>(
        byteCount: Int, _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try segment.withMutableBytes(byteCount, body)
    }

    /// Sends the request to the child and waits for its reply or the deadline.
    public mutating func run(
        _ plan: FilterPlan, as request: FilterRequest, checkpoint: Checkpoint
    ) throws(WorkerError) -> FilterRun {
        try startWorkerIfNeeded()
        try awaitReady()
        lastNumber += 1
        let message = WireFormat.NumberedRequest(number: lastNumber, request: request).encoded()
        do {
            try worker?.socket.send(message)
        } catch {
            throw end(.died)
        }
        let reply = try awaitReply(checkpoint)
        switch reply {
        case .refused(lastNumber, let reason):
            throw .filterRefused(reason)
        case .finished(lastNumber, let run):
            // The parent's own plan bounds what the child may claim.
            guard run.result.format == plan.result.format,
                run.result.width <= plan.result.width, run.result.height <= plan.result.height
            else {
                throw end(.nonsense("a result of \(run.result), \(plan.result) planned"))
            }
            return run
        case .refused(let number, _), .finished(let number, _):
            throw end(.nonsense("a reply to request \(number), request \(lastNumber) sent"))
        }
    }

    // MARK: - The child

    private struct Worker: ~Copyable {
        var process: ChildProcess
        let socket: MessageSocket
        var isReady = false
    }

    /// How a child's life ends before ours does.
    private enum Ending {
        case died
        case late
        case cancelled
        case nonsense(String)
        case unfit(String)
    }

    /// How long a child may take until it is ready.
    ///
    /// It takes 2 ms; a machine may be very busy.
    private static let readyNanoseconds: Int64 = 10_000_000_000

    /// How often waiting looks at the checkpoint.
    private static let pollMilliseconds: CInt = 50

    private mutating func startWorkerIfNeeded() throws(WorkerError) {
        guard worker == nil else { return }
        do {
            let pair = try MessageSocket.makePair()
            let process = try ChildProcess(
                executable: executable,
                arguments: [executable, String(CurrentProcess.id)],
                inheriting: [pair.child.rawValue, segment.fileDescriptor])
            let opening = WireFormat.Opening(
                reservedByteCount: segment.reservedByteCount, isLinear: chain.isLinear,
                filters: chain.specifications)
            try pair.parent.send(opening.encoded())
            worker = Worker(process: process, socket: pair.parent)
        } catch {
            throw .cannotStart(executable: executable, reason: error.description)
        }
    }

    private mutating func awaitReady() throws(WorkerError) {
        guard worker?.isReady == false else { return }
        let checkpoint = Checkpoint(
            deadline: .now.advanced(byNanoseconds: Self.readyNanoseconds))
        guard let message = try awaitMessage(checkpoint, isStarting: true) else {
            throw end(.unfit("it ended before it was ready"))
        }
        let expected = WireFormat.Ready()
        guard let ready = WireFormat.Ready(message) else {
            throw end(.unfit("it is no pixloom-worker"))
        }
        guard ready == expected else {
            throw end(
                .unfit(
                    "it is of version \(ready.release) (wire format \(ready.wireVersion)), "
                        + "\(CurrentProcess.executablePath ?? "pixloom") of version "
                        + "\(expected.release) (wire format \(expected.wireVersion))"))
        }
        worker?.isReady = true
    }

    private mutating func awaitReply(
        _ checkpoint: Checkpoint
    ) throws(WorkerError) -> WireFormat.Reply {
        guard let message = try awaitMessage(checkpoint, isStarting: false) else {
            throw end(.died)
        }
        guard let reply = WireFormat.Reply(message) else {
            throw end(.nonsense("a message of \(message.count) bytes that is no reply"))
        }
        return reply
    }

    /// Waits for a message; nil is the end of the connection.
    private mutating func awaitMessage(
        _ checkpoint: Checkpoint, isStarting: Bool
    ) throws(WorkerError) -> [UInt8]? {
        while true {
            if worker?.socket.isReadable(withinMilliseconds: Self.pollMilliseconds) ?? true {
                // A connection that broke is one that ended.
                return (try? worker?.socket.receive()) ?? nil
            }
            if let interruption = checkpoint.interruption {
                switch interruption {
                case .cancelled: throw end(.cancelled)
                case .deadlinePassed:
                    throw end(isStarting ? .unfit("it was not ready within 10 s") : .late)
                }
            }
        }
    }

    /// Kills and reaps the child, and says what that means for the attempt.
    private mutating func end(_ ending: Ending) -> WorkerError {
        guard var ended = worker.take() else {
            return .cannotStart(executable: executable, reason: "it was not started")
        }
        // A child that closed its socket without ending would keep us waiting: it gets a moment to
        // end by itself, which tells its signal, and is killed then.
        if case .died = ending, ended.process.hasEnded(withinMilliseconds: 1000) {
        } else if case .unfit = ending, ended.process.hasEnded(withinMilliseconds: 1000) {
        } else {
            ended.process.kill()
        }
        let status = ended.process.reap()
        let lastWords = ended.process.lastWords()
        switch ending {
        case .died: return .workerDied(status, lastWords: lastWords)
        case .late: return .timedOut
        case .cancelled: return .interrupted(.cancelled)
        case .nonsense(let reason): return .protocolViolated(reason)
        case .unfit(let reason):
            let words = lastWords.split(whereSeparator: \.isNewline).last.map { ": \($0)" } ?? ""
            return .cannotStart(executable: executable, reason: "\(reason), \(status)\(words)")
        }
    }
}
