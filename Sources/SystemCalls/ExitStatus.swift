internal import CLinuxShims
internal import Glibc

/// How a child process ended.
public enum ExitStatus: Hashable, Sendable {
    /// It returned or called exit(3).
    case exited(code: CInt)

    /// A signal ended it.
    case signaled(number: CInt)

    /// Reads a status of waitpid(2).
    init(waitStatus: CInt) {
        self =
            pixloom_has_exited(waitStatus) != 0
            ? .exited(code: pixloom_exit_code(waitStatus))
            : .signaled(number: pixloom_terminating_signal(waitStatus))
    }

    /// The name of a signal as in signal(7), such as `SIGSEGV`.
    public static func signalName(_ number: CInt) -> String {
        switch number {
        case SIGABRT: "SIGABRT"
        case SIGBUS: "SIGBUS"
        case SIGFPE: "SIGFPE"
        case SIGHUP: "SIGHUP"
        case SIGILL: "SIGILL"
        case SIGINT: "SIGINT"
        case SIGKILL: "SIGKILL"
        case SIGPIPE: "SIGPIPE"
        case SIGSEGV: "SIGSEGV"
        case SIGSYS: "SIGSYS"
        case SIGTERM: "SIGTERM"
        case SIGTRAP: "SIGTRAP"
        case SIGXCPU: "SIGXCPU"
        default: "signal \(number)"
        }
    }
}

extension ExitStatus: CustomStringConvertible {
    /// `was killed by signal 11 (SIGSEGV)`, after the name of a process.
    public var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .signaled(let number): "was killed by signal \(number) (\(Self.signalName(number)))"
        }
    }
}
