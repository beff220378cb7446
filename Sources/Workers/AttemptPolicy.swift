internal import Glibc
internal import SystemCalls

/// What a lane does after an attempt at an image came to nothing: errors in, decisions out.
///
/// It is a value without clocks and processes, so that every sequence of faults can be tested.
/// An image that ends its workers is condemned after `1 + retries` attempts. A SIGKILL that we did
/// not send is the machine's doing (a person, or the kernel short of memory) and says little about
/// the image: it allows more.
public struct AttemptPolicy: Sendable {
    /// What to do next.
    public enum Decision: Hashable, Sendable {
        /// Try again after this time.
        case retry(afterNanoseconds: Int64)

        /// The image has failed; the next one may start.
        case condemn

        /// Nobody can filter; the run must end.
        case giveUp
    }

    /// Further attempts after a SIGKILL that we did not send.
    public static let foreignKillRetries = 8

    /// Attempts to start a worker, one after the other, before the run is given up.
    public static let startAttempts = 5

    private let retries: Int
    private var faults = 0
    private var foreignKills = 0
    private var failedStarts = 0

    /// The attempts made at the image in hand, this one included.
    public private(set) var attempts = 1

    /// Makes a policy.
    ///
    /// - Parameter retries: Further attempts at an image whose worker crashed, replied nonsense or
    ///   was killed by us; at least 0.
    public init(retries: Int) {
        self.retries = retries
    }

    /// Begins a new image.
    public mutating func beginImage() {
        faults = 0
        foreignKills = 0
        attempts = 1
    }

    /// Notes that an attempt reached a working child.
    public mutating func succeeded() { failedStarts = 0 }

    /// Decides what follows an error.
    public mutating func decide(after error: WorkerError) -> Decision {
        switch error {
        case .filterRefused:
            failedStarts = 0
            return .condemn
        case .filterFailed, .outOfMemory, .memoryLimitExceeded, .interrupted:
            return .condemn
        case .cannotStart:
            failedStarts += 1
            guard failedStarts < Self.startAttempts else { return .giveUp }
            // 10, 20, 40, 80 ms: a passing shortage of processes or memory.
            return retry(after: 5_000_000 << Int64(failedStarts))
        case .workerDied(.signaled(SIGKILL), _):
            failedStarts = 0
            foreignKills += 1
            return foreignKills <= Self.foreignKillRetries ? retry() : .condemn
        case .workerDied, .killedForMemory, .timedOut, .protocolViolated:
            failedStarts = 0
            faults += 1
            return faults <= retries ? retry() : .condemn
        }
    }

    private mutating func retry(after nanoseconds: Int64 = 0) -> Decision {
        attempts += 1
        return .retry(afterNanoseconds: nanoseconds)
    }
}
