internal import CLinuxShims
internal import Glibc

/// A child process of this one; killed and reaped when its owner goes.
///
/// It is spawned with posix_spawn(3), never forked. Use one on the thread that spawned it only: the
/// kernel sends the parent-death signal when the *thread* that spawned a child ends, not when the
/// process does.
public struct ChildProcess: ~Copyable {
    /// The process's number while it lives.
    public let id: CInt

    private let descriptor: OwnedDescriptor
    private let standardErrorPipe: OwnedDescriptor
    private var status: ExitStatus?

    /// Starts an executable with an empty environment, default signals and no descriptors but
    /// 0 and 1 (`/dev/null`), 2 (a pipe) and those that are handed over.
    ///
    /// - Parameters:
    ///   - executable: Its path.
    ///   - arguments: What it finds in `argv`, its name first.
    ///   - descriptors: Handed over as 3, 4, …; this process keeps its own.
    /// - Throws: ``SystemCallError`` if the process cannot be made or the file not be executed.
    public init(
        executable: String, arguments: [String], inheriting descriptors: [CInt]
    ) throws(SystemCallError) {
        let standardError = try DescriptorPair.nonblockingPipe()
        var actions = SpawnActions()
        try actions.open("/dev/null", as: 0, flags: O_RDONLY)
        try actions.open("/dev/null", as: 1, flags: O_WRONLY)
        try actions.handOver([standardError.second.rawValue] + descriptors, from: 2)
        let attributes = SpawnAttributes()
        let id = try Self.spawn(executable, arguments, actions, attributes)
        let descriptor = pixloom_pidfd_open(id)
        guard descriptor != -1 else {
            let error = SystemCallError.last("pidfd_open")
            Glibc.kill(id, SIGKILL)
            _ = retryingInterrupted { Int(waitpid(id, nil, 0)) }
            throw error
        }
        self.id = id
        self.descriptor = OwnedDescriptor(adopting: descriptor)
        self.standardErrorPipe = standardError.first
    }

    deinit {
        guard status == nil else { return }
        _ = pixloom_pidfd_send_signal(descriptor.rawValue, SIGKILL)
        _ = retryingInterrupted { Int(waitpid(id, nil, 0)) }
    }

    /// Sends SIGKILL through the process's descriptor, which cannot reach another process that
    /// was given the same number.
    public func kill() {
        // The only failure is that it has ended already.
        _ = pixloom_pidfd_send_signal(descriptor.rawValue, SIGKILL)
    }

    /// Waits for the end of the process and collects its status; returns at once the next time.
    public mutating func reap() -> ExitStatus {
        if let status { return status }
        var waitStatus: CInt = 0
        let result = retryingInterrupted { Int(unsafe waitpid(id, &waitStatus, 0)) }
        // ECHILD: somebody else in this process waited for all children.
        let status =
            result == -1 ? ExitStatus.signaled(number: SIGKILL) : ExitStatus(waitStatus: waitStatus)
        self.status = status
        return status
    }

    /// Waits until the process has ended, which ``reap()`` then collects at once.
    ///
    /// - Parameter milliseconds: How long to wait at most.
    /// - Returns: Whether it has ended.
    public func hasEnded(withinMilliseconds milliseconds: CInt) -> Bool {
        var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&request, 1, milliseconds) > 0
    }

    /// The last lines that the process wrote to its standard error and nobody read yet.
    ///
    /// - Returns: At most the 4 KiB that were read last; the pipe drops what it cannot hold.
    public func lastWords() -> String {
        var words: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = retryingInterrupted {
                unsafe chunk.withUnsafeMutableBytes {
                    unsafe read(standardErrorPipe.rawValue, $0.baseAddress, $0.count)
                }
            }
            guard count > 0 else { break }
            words = (words + chunk[..<count]).suffix(4096)
        }
        return String(decoding: words, as: UTF8.self)
    }

    private static func spawn(
        _ executable: String, _ arguments: [String], _ actions: borrowing SpawnActions,
        _ attributes: borrowing SpawnAttributes
    ) throws(SystemCallError) -> pid_t {
        let words = CStrings(arguments)
        let environment = CStrings([])
        var id = pid_t()
        let code = unsafe posix_spawn(
            &id, executable, actions.pointer, attributes.pointer, words.pointer,
            environment.pointer)
        guard code == 0 else { throw .failed("posix_spawn", errno: code) }
        return id
    }
}
