public import Filters
public import Profiling
public import SystemCalls

/// The reason why an attempt at filtering came to nothing.
public enum WorkerError: Error, Equatable {
    /// A filter could not be applied to the image.
    case filterFailed(FilterError)

    /// The child said that a filter could not be applied to the image.
    case filterRefused(String)

    /// The child ended in the middle of an image.
    case workerDied(ExitStatus, lastWords: String)

    /// The kernel killed the child in the middle of an image, because the memory ran out that its
    /// control group may hold: this many bytes, if that is told.
    case killedForMemory(limit: Int?)

    /// The child took too long and was killed.
    case timedOut

    /// The child replied what no correct worker replies, and was killed.
    case protocolViolated(String)

    /// No child could be started; nobody can filter.
    case cannotStart(executable: String, reason: String)

    /// The memory that the image needs cannot be had.
    case outOfMemory(SystemCallError, needed: Int)

    /// The image needs more memory than one segment may have.
    case memoryLimitExceeded(needed: Int, limit: Int)

    /// Filters on the lane's own thread were told to stop.
    case interrupted(Interruption)
}

extension WorkerError: CustomStringConvertible {
    /// The clause that follows "cannot filter a.png: ".
    public var description: String {
        switch self {
        case .filterFailed(let error): error.description
        case .filterRefused(let reason): reason.lastLine
        case .workerDied(let status, let lastWords):
            "its worker \(status)"
                + (lastWords.isEmpty ? "" : "; its last words: \"\(lastWords.lastLine)\"")
        case .killedForMemory(let limit):
            "its worker was killed by signal 9 (SIGKILL) when the memory of its control group ran out"
                + (limit.map { ": \($0) bytes allowed" } ?? "") + "; lower --jobs or --memory"
        case .timedOut, .interrupted(.deadlinePassed): "it took longer than --timeout allows"
        case .protocolViolated(let reason): "its worker replied nonsense: \(reason)"
        case .cannotStart(let executable, let reason): "worker \(executable): \(reason)"
        case .outOfMemory(let error, let needed):
            "\(error): \(needed) bytes needed; lower --jobs or enlarge /dev/shm"
        case .memoryLimitExceeded(let needed, let limit):
            "\(needed) bytes of image memory needed, \(limit) allowed; raise --memory"
        case .interrupted(.cancelled): "the run was stopped"
        }
    }
}
