import Glibc
import Synchronization
import SystemCalls

/// Text for people, written at once and whole.
enum Terminal {
    /// Whether standard error is a terminal that can redraw a line.
    static var isInteractive: Bool {
        isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb"
    }

    /// The columns of the terminal, 80 where it does not say.
    static var width: Int { TerminalWidth.columns(of: STDERR_FILENO) ?? 80 }

    /// Writes a line to standard error.
    static func writeError(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// Writes a line to standard output.
    static func writeOutput(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// How a command ends that did what it was to: not well where its results were lost.
    static var exitCode: ExitCode {
        hasLostOutput.load(ordering: .relaxed) ? .environment : .success
    }

    private static let hasLostOutput = Atomic<Bool>(false)

    /// Writes text; a reader that has gone does not matter, since the outputs are files.
    ///
    /// Any other failure of standard output, such as a full disk, is said once.
    static func write(_ text: String, to descriptor: CInt) {
        write(Array(text.utf8), to: descriptor)
    }

    /// Writes bytes as ``write(_:to:)-(String,_)`` does.
    static func write(_ bytes: [UInt8], to descriptor: CInt) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                waitForRoom(descriptor)
            } else if errno != EINTR {
                if descriptor == STDOUT_FILENO, errno != EPIPE { noteLoss(errno) }
                return
            }
        }
    }

    private static func noteLoss(_ code: CInt) {
        guard !hasLostOutput.exchange(true, ordering: .relaxed) else { return }
        let error = SystemCallError.failed("write", errno: code)
        writeError("pixloom: cannot write to standard output: \(error)")
    }

    /// Waits where somebody has made the descriptor non-blocking.
    private static func waitForRoom(_ descriptor: CInt) {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        unsafe poll(&request, 1, -1)
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
