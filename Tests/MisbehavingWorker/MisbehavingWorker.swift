import Glibc
import Images
import Profiling
import SystemCalls
import Workers

/// A worker that works as any other but for one lie.
struct MisbehavingWorker {
    private let lie: Lie

    init(_ lie: Lie) { self.lie = lie }

    /// Runs until the parent has had enough.
    func run(_ arguments: [String]) -> CInt {
        do throws(WorkerFailure) {
            if let code = misbehaveAtStart() { return code }
            var session = try WorkerSession(arguments)
            if lie.kind == .deaf { try answerUnasked(session) }
            while let request = try session.receive() {
                // Of a group any image provokes it.
                let sizes = request.requests.map { "\($0.source.width)x\($0.source.height)" }
                if let size = lie.size, !sizes.contains(size) {
                    try session.send(session.reply(to: request))
                } else {
                    try misbehave(on: request, in: &session)
                }
            }
            return 0
        } catch {
            return 1
        }
    }

    // MARK: - At the start

    /// Sends no correct first message; nil where the lie comes later.
    private func misbehaveAtStart() -> CInt? {
        let message: [UInt8]
        switch lie.kind {
        case .exitAtOnce: return 3
        case .neverReady: waitForEver()
        case .wrongVersion:
            var ready = WireFormat.Ready()
            ready.release = "0.0.1"
            message = ready.encoded()
        case .anotherProgram: message = Array("220 smtp.example.org ESMTP\r\n".utf8)
        default: return nil
        }
        _ = unsafe message.withUnsafeBytes { unsafe write(3, $0.baseAddress, $0.count) }
        waitForEver()
    }

    // MARK: - At a request

    private func misbehave(
        on request: WireFormat.NumberedRequests, in session: inout WorkerSession
    ) throws(WorkerFailure) {
        switch lie.kind {
        case .crash: kill(getpid(), SIGSEGV)
        case .abort: abort()
        case .spin: while isWanted {}
        case .stop: kill(getpid(), SIGSTOP)
        case .exit: exit(0)
        case .hog: takeAllMemory()
        case .close:
            close(3)
            waitForEver()
        case .wrongNumber:
            var other = request
            other.number += 1
            try session.send(session.reply(to: other))
        case .longReply: send([UInt8](repeating: 7, count: 60_000))
        case .shortReply: send(Array(session.reply(to: request).encoded().dropLast()))
        case .tooLarge: try session.send(claim(2, request))
        case .otherFormat: try session.send(claim(1, request, as: .rgba16))
        case .tooFew:
            var other = request
            other.requests.removeLast()
            try session.send(session.reply(to: other))
        case .flood: while isWanted { send([UInt8](repeating: 0, count: 24)) }
        case .escapeSequence:
            let reason = "a\u{1B}[2J\u{202E}b\u{7}"
            try session.send(.refused(number: request.number, reason: reason))
        case .twice:
            let reply = session.reply(to: request).encoded()
            send(reply)
            send(reply)
        case .clock: try session.send(shiftingClock(of: session.reply(to: request)))
        case .scribble:
            try session.send(session.reply(to: request))
            scribble(in: &session)
        case .exitWhenIdle:
            try session.send(session.reply(to: request))
            exit(0)
        case .probe:
            try session.send(.refused(number: request.number, reason: Self.possibilities()))
        case .exitAtOnce, .neverReady, .wrongVersion, .anotherProgram, .deaf: break
        }
    }

    /// A reply that says that results are `factor` times as wide as their sources.
    private func claim(
        _ factor: Int, _ request: WireFormat.NumberedRequests, as format: PixelFormat? = nil
    ) -> WireFormat.Reply {
        let runs = request.requests.compactMap { request -> FilterRun? in
            let source = request.source
            return ImageSize(width: factor * source.width, height: source.height)
                .flatMap { PixelLayout(size: $0, format: format ?? source.format) }
                .map { FilterRun(result: $0, start: .now, end: .now) }
        }
        return .finished(number: request.number, runs)
    }

    /// The same reply from long ago until long from now.
    private func shiftingClock(of reply: WireFormat.Reply) -> WireFormat.Reply {
        guard case .finished(let number, let runs) = reply else { return reply }
        let shifted = runs.map {
            FilterRun(
                result: $0.result, start: MonotonicInstant(nanoseconds: .min),
                end: MonotonicInstant(nanoseconds: .max))
        }
        return .finished(number: number, shifted)
    }

    private func answerUnasked(_ session: borrowing WorkerSession) throws(WorkerFailure) {
        var number: UInt64 = 1
        while isWanted {
            try session.send(.refused(number: number, reason: "whatever it is"))
            number += 1
        }
    }

    /// Writes over all of the memory, again and again, until the next request.
    private func scribble(in session: inout WorkerSession) {
        var random = SystemRandomNumberGenerator()
        let byteCount = min(session.segment.reservedByteCount, 4 << 20)
        while !session.socket.isReadable {
            let value = UInt64.random(in: .min ... .max, using: &random)
            session.segment.withMutableBytes(0..<byteCount) { bytes in
                for offset in stride(from: 0, to: byteCount & ~7, by: 8) {
                    bytes.storeBytes(
                        of: value &* UInt64(offset), toByteOffset: offset, as: UInt64.self)
                }
            }
        }
    }

    /// What this process may do that a filter has no need of.
    private static func possibilities() -> String {
        let attempts: [(String, Bool)] = [
            ("ftruncate", ftruncate(4, 0) == 0),
            ("open", unsafe open("/etc/passwd", O_RDONLY) != -1),
            ("socket", socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0) != -1),
        ]
        return attempts.map { "\($0.0) \($0.1 ? "possible" : "impossible")" }
            .joined(separator: ", ")
    }

    /// Takes memory until somebody ends it.
    private func takeAllMemory() {
        var all: [[UInt8]] = []
        while isWanted { all.append([UInt8](repeating: 7, count: 64 << 20)) }
    }

    private func send(_ bytes: [UInt8]) {
        _ = unsafe bytes.withUnsafeBytes { unsafe write(3, $0.baseAddress, $0.count) }
    }

    private func waitForEver() -> Never {
        while true { pause() }
    }

    /// Whether there is a parent; a loop that the compiler sees to be endless would let it close
    /// the connection before.
    private var isWanted: Bool { getppid() != 0 }
}
