import Glibc
import SystemCalls

/// A file that a person asked for by its name and that is written over: a trace or a report.
final class ResultFile: Sendable {
    let path: BytePath

    private let owned: OwnedDescriptor

    /// Opens the file, which is empty from now on; `-` is standard output.
    init(_ path: BytePath) throws {
        let number =
            path == "-"
            ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
            : unsafe path.withCString {
                unsafe open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
            }
        guard number != -1 else { throw Self.failure(path, "open", errno) }
        self.path = path
        owned = OwnedDescriptor(adopting: number)
    }

    /// The descriptor, which stays owned here.
    var descriptor: CInt { owned.rawValue }

    /// Appends text.
    func write(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw Self.failure(path, "write", errno)
            }
        }
    }

    private static func failure(_ path: BytePath, _ call: String, _ code: CInt) -> Failure {
        Failure("cannot write \(path): \(SystemCallError.failed(call, errno: code))", .environment)
    }
}
