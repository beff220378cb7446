/// How the program ends; documented in the README.
enum ExitCode: Int32 {
    /// Every image was converted.
    case success = 0

    /// At least one image failed; all others are done.
    case someFailed = 1

    /// The command line is wrong; nothing was started.
    case usage = 2

    /// No input matched.
    case noInput = 3

    /// This machine lacks something: a folder to write, shared memory, a worker.
    case environment = 4

    /// A limit ended the run.
    case limit = 5

    /// The run ended for a reason that may pass, such as a full disk.
    case temporary = 75

    /// SIGINT ended the run; everything in hand was finished.
    case interrupted = 130

    /// SIGTERM or SIGHUP ended the run; everything in hand was finished.
    case terminated = 143
}

/// Why the program ends without success, in one line.
struct Failure: Error {
    let message: String
    let code: ExitCode

    init(_ message: String, _ code: ExitCode) {
        self.message = message
        self.code = code
    }
}
