internal import Glibc
internal import SystemCalls

/// The life of a worker: say who it is, then answer requests until the parent closes the socket.
///
/// The process has one thread and links neither Foundation nor the concurrency runtime.
public enum WorkerService {
    /// Runs until the parent closes the connection.
    ///
    /// - Parameter arguments: The arguments of the process: its name and the parent's number.
    /// - Returns: The exit code: 0 at the end of the connection; else 1, or 2 if this was not
    ///   started by pixloom, and a line on standard error.
    public static func run(_ arguments: [String]) -> CInt {
        do throws(WorkerFailure) {
            var session = try WorkerSession(arguments)
            while let requests = try session.receive() {
                try session.send(session.reply(to: requests))
            }
            return 0
        } catch {
            let line = Array("\(error.reason)\n".utf8)
            _ = unsafe line.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
            return error.exitCode
        }
    }
}

/// Why a worker ends before its parent does.
package struct WorkerFailure: Error {
    let exitCode: CInt

    /// The worker's last words.
    let reason: String

    init(exitCode: CInt, reason: String) {
        self.exitCode = exitCode
        self.reason = reason
    }

    init(_ error: SystemCallError) {
        self.init(exitCode: 1, reason: error.description)
    }
}
