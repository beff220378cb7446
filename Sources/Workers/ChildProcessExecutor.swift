public import Filters
internal import Glibc
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

    /// After how many images a child is replaced; nil for never.
    private let imagesPerWorker: Int?
    private var filteredCount = 0

    /// Reserves the segment; no child is started yet.
    ///
    /// - Parameters:
    ///   - chain: The filters of the run.
    ///   - executable: The path of `pixloom-worker`.
    ///   - byteCountLimit: The most memory that one image may take.
    ///   - kind: Where the memory comes from.
    ///   - imagesPerWorker: After how many images a child is replaced; nil for never.
    /// - Throws: ``SystemCallError`` if there is no shared memory.
    public init(
        chain: FilterChain, executable: String, byteCountLimit: Int, kind: SharedMemoryKind,
        imagesPerWorker: Int? = nil
    ) throws(SystemCallError) {
        self.chain = chain
        self.executable = executable
        self.imagesPerWorker = imagesPerWorker
        self.segment = try SharedMemorySegment(reserving: byteCountLimit, as: kind)
    }

    /// Starts a child and waits until it is ready, so that a run that cannot work ends before its
    /// first image.
    ///
    /// - Throws: ``WorkerError/cannotStart(executable:reason:)``.
    public mutating func start() throws(WorkerError) {
        try startWorkerIfNeeded()
        try awaitReady(.none)
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

    /// Lends a part of the segment.
    public mutating func withMemory<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try segment.withMutableBytes(range, body)
    }

    /// Gives the pages beyond `byteCount` back to the system.
    public mutating func giveBack(beyond byteCount: Int) { segment.giveBack(beyond: byteCount) }

    /// As many as the child may still filter, or a message hold.
    public var largestGroup: Int {
        min(FilterGroup.largestCount, imagesPerWorker.map { $0 - filteredCount } ?? .max)
    }

    /// Sends the requests to the child and waits for its reply or the deadline.
    public mutating func run(
        _ group: FilterGroup, checkpoint: Checkpoint
    ) throws(WorkerError) -> [FilterRun] {
        try checkIdleWorker()
        try startWorkerIfNeeded()
        try awaitReady(checkpoint)
        lastNumber += 1
        let sent = MonotonicInstant.now
        try send(
            WireFormat.NumberedRequests(
                number: lastNumber, requests: group.members.map(\.request)))
        let reply = try awaitReply(checkpoint)
        switch reply {
        case .refused(lastNumber, let reason):
            throw .filterRefused(reason)
        case .finished(lastNumber, let runs):
            let now = MonotonicInstant.now
            try check(runs, of: group)
            let id = worker?.process.id
            retireWorkerIfDue(after: runs.count)
            return runs.map { $0.clamped(from: sent, to: now, of: id) }
        case .refused(let number, _), .finished(let number, _):
            throw end(.nonsense("a reply to request \(number), request \(lastNumber) sent"))
        }
    }

    /// Looks whether results are possible: the parent's own plans bound what the child may claim.
    private mutating func check(
        _ runs: [FilterRun], of group: FilterGroup
    ) throws(WorkerError) {
        guard runs.count == group.members.count else {
            throw end(.nonsense("\(runs.count) results, \(group.members.count) asked for"))
        }
        for (run, member) in zip(runs, group.members) {
            let planned = member.plan.result
            guard run.result.format == planned.format, run.result.width <= planned.width,
                run.result.height <= planned.height
            else {
                throw end(.nonsense("a result of \(run.result), \(planned) planned"))
            }
        }
    }

    /// Ends a child that has filtered as many images as one may; it is idle and has nothing to lose.
    private mutating func retireWorkerIfDue(after imageCount: Int) {
        filteredCount += imageCount
        guard let imagesPerWorker, filteredCount >= imagesPerWorker else { return }
        worker = nil
        filteredCount = 0
    }

    // MARK: - The child

    private struct Worker: ~Copyable {
        var process: ChildProcess
        let socket: MessageSocket

        /// Where it was when it got ready; nil before.
        var group: ControlGroup?
        var memoryKillCount: Int?

        var isReady: Bool { group != nil }

        /// Notes that the child works, and how many of its control group have been killed so far.
        mutating func getReady() {
            let group = ControlGroup(ofProcess: process.id)
            self.group = group
            memoryKillCount = group.memoryKillCount
        }

        /// Whether the kernel has killed a process of the group since the child got ready.
        var hasSeenMemoryKill: Bool {
            guard let memoryKillCount, let count = group?.memoryKillCount else { return false }
            return count > memoryKillCount
        }
    }

    /// How a child's life ends before ours does.
    private enum Ending {
        case died
        case late
        case cancelled
        case nonsense(String)
        case idle
        case unfit(String)

        /// Whether the child may be about to end by itself.
        var letsEnd: Bool {
            switch self {
            case .died, .idle, .unfit: true
            case .late, .cancelled, .nonsense: false
            }
        }
    }

    /// How long a child may take until it is ready: it takes 2 ms, but a machine may be very busy.
    var readyNanoseconds: Int64 = 10_000_000_000

    /// The number of the child, where there is one.
    var workerID: CInt? { mutating get { worker?.process.id } }

    /// How long a child that closed its connection may take to end.
    private static let endMilliseconds: CInt = 1000

    /// How often waiting looks at the checkpoint.
    private static let lookMilliseconds = 50

    private mutating func startWorkerIfNeeded() throws(WorkerError) {
        guard worker == nil else { return }
        do {
            let pair = try MessageSocket.makePair()
            try pair.parent.limitWaiting(toMilliseconds: Self.lookMilliseconds)
            let process = try ChildProcess(
                executable: executable,
                arguments: [executable, String(CurrentProcess.id)],
                inheriting: [pair.child.rawValue, segment.fileDescriptor])
            worker = Worker(process: process, socket: pair.parent)
        } catch {
            throw .cannotStart(executable: executable, reason: error.description)
        }
        let opening = WireFormat.Opening(
            reservedByteCount: segment.reservedByteCount, isLinear: chain.isLinear,
            filters: chain.specifications
        ).encoded()
        do {
            try worker?.socket.sendAtOnce(opening)
        } catch  where error.isClosed {
            // It has ended already, which waiting for it will find.
        } catch {
            throw end(.unfit("its first message of \(opening.count) bytes: \(error)"))
        }
    }

    private mutating func awaitReady(_ checkpoint: Checkpoint) throws(WorkerError) {
        guard worker?.isReady == false else { return }
        let patience = Checkpoint(
            deadline: .now.advanced(byNanoseconds: readyNanoseconds))
        let arrival = awaitMessage {
            // How long an image may take is no measure of how long a start may.
            checkpoint.interruption == .cancelled ? .cancelled : patience.interruption
        }
        switch arrival {
        case .message(let message): try checkReady(message)
        case .tooLong: throw end(.unfit("it is no pixloom-worker"))
        case .end: throw end(.unfit("it ended before it was ready"))
        case .nothing(.cancelled): throw end(.cancelled)
        case .nothing(.deadlinePassed):
            throw end(.unfit("it was not ready within \(readyNanoseconds / 1_000_000) ms"))
        }
    }

    private mutating func checkReady(_ message: [UInt8]) throws(WorkerError) {
        guard let ready = WireFormat.Ready(message) else {
            throw end(.unfit("it is no pixloom-worker"))
        }
        let expected = WireFormat.Ready()
        guard ready == expected else {
            let version = ready.release.lastLine
            throw end(
                .unfit(
                    "it is of version \(version) (wire format \(ready.wireVersion)), "
                        + "\(CurrentProcess.executablePath ?? "pixloom") of version "
                        + "\(expected.release) (wire format \(expected.wireVersion))"))
        }
        worker?.getReady()
    }

    /// Looks whether the child did anything while it had nothing to do.
    ///
    /// One that ended is replaced, and the image in hand has nothing to do with it. One that sent a
    /// message is not to be trusted: it would be taken for the reply to the next request.
    private mutating func checkIdleWorker() throws(WorkerError) {
        guard worker?.isReady == true, worker?.socket.isReadable == true else { return }
        guard case .end? = receive() else {
            throw end(.nonsense("a message that nobody asked for"))
        }
        _ = end(.idle)
    }

    private mutating func send(_ requests: WireFormat.NumberedRequests) throws(WorkerError) {
        do {
            try worker?.socket.sendAtOnce(requests.encoded())
        } catch {
            throw end(error.wouldWait ? .nonsense("replies to unread requests") : .died)
        }
    }

    private mutating func awaitReply(
        _ checkpoint: Checkpoint
    ) throws(WorkerError) -> WireFormat.Reply {
        switch awaitMessage({ checkpoint.interruption }) {
        case .message(let message):
            guard let reply = WireFormat.Reply(message) else {
                throw end(.nonsense("a message of \(message.count) bytes that is no reply"))
            }
            return reply
        case .tooLong:
            throw end(.nonsense("a message of more than \(WireFormat.largestMessage) bytes"))
        case .end: throw end(.died)
        case .nothing(.cancelled): throw end(.cancelled)
        case .nothing(.deadlinePassed): throw end(.late)
        }
    }

    /// What comes of waiting for a message.
    private enum Arrival {
        case message([UInt8])
        case tooLong
        case end
        case nothing(Interruption)
    }

    /// Waits for a message until `interruption` gives a reason not to.
    private mutating func awaitMessage(_ interruption: () -> Interruption?) -> Arrival {
        while true {
            if let arrival = receive() { return arrival }
            if let interruption = interruption() { return .nothing(interruption) }
        }
    }

    /// Waits a moment for a message; nil if nothing came.
    private mutating func receive() -> Arrival? {
        do {
            let message = try worker?.socket.receive(atMost: WireFormat.largestMessage)
            return message.flatMap { $0 }.map { .message($0) } ?? .end
        } catch {
            if error.wouldWait { return nil }
            // A connection that broke is one that ended.
            return error.isTooLong ? .tooLong : .end
        }
    }

    /// Kills and reaps the child, and says what that means for the attempt.
    private mutating func end(_ ending: Ending) -> WorkerError {
        guard var ended = worker.take() else {
            return .cannotStart(executable: executable, reason: "it was not started")
        }
        // One that ends by itself gets a moment to do so, since its signal tells more than ours.
        let endedItself =
            ending.letsEnd && ended.process.hasEnded(withinMilliseconds: Self.endMilliseconds)
        if !endedItself { ended.process.kill() }
        let status = ended.process.reap()
        let lastWords = ended.process.lastWords()
        switch ending {
        case .died, .idle:
            if endedItself, status == .signaled(number: SIGKILL), ended.hasSeenMemoryKill {
                return .killedForMemory(limit: ended.group?.memoryByteCount)
            }
            return endedItself
                ? .workerDied(status, lastWords: lastWords)
                : .protocolViolated("nothing, but closed its connection and lived on")
        case .late: return .timedOut
        case .cancelled: return .interrupted(.cancelled)
        case .nonsense(let reason): return .protocolViolated(reason)
        case .unfit where endedItself && status == .signaled(number: SIGKILL):
            // Somebody else's doing, as at any other moment of its life.
            return .workerDied(status, lastWords: lastWords)
        case .unfit(let reason):
            let words = lastWords.isEmpty ? "" : ": \(lastWords.lastLine)"
            return .cannotStart(executable: executable, reason: "\(reason), \(status)\(words)")
        }
    }
}

extension FilterRun {
    /// The same run, within the time that its caller waited: a child may tell any time.
    fileprivate func clamped(
        from sent: MonotonicInstant, to now: MonotonicInstant, of worker: CInt?
    ) -> FilterRun {
        func clamped(_ instant: MonotonicInstant) -> MonotonicInstant {
            min(max(instant, sent), now)
        }
        var run = FilterRun(
            result: result, start: clamped(start), end: clamped(end),
            steps: steps.map { Step(filterIndex: $0.filterIndex, end: clamped($0.end)) })
        run.worker = worker
        return run
    }
}

extension SystemCallError {
    fileprivate var wouldWait: Bool { errno == EAGAIN }
    fileprivate var isClosed: Bool { errno == EPIPE || errno == ECONNRESET }
    fileprivate var isTooLong: Bool { errno == EMSGSIZE }
}
