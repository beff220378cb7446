internal import Codecs
internal import Filters
public import Profiling
internal import Transfer
internal import Workers

/// Why an image failed, and where.
public struct ImageFailure: Error, Hashable, Sendable {
    /// The stage that it did not get through.
    public let stage: Stage

    /// One word of a documented list, as in `malformed`.
    public let kind: String

    /// The clause that follows "cannot decode a.png: ".
    public let message: String

    init(_ stage: Stage, kind: String, _ message: String) {
        self.stage = stage
        self.kind = kind
        self.message = message
    }

    init(_ stage: Stage, _ error: TransferError) {
        self.init(stage, kind: error.kind, error.description)
    }

    init(_ stage: Stage, _ error: CodecError) {
        self.init(stage, kind: error.kind, error.description)
    }

    init(_ error: FilterError) {
        self.init(.filter, kind: error.kind, error.description)
    }

    init(_ error: WorkerError, attempts: Int) {
        let suffix = attempts > 1 ? ", \(attempts) attempts" : ""
        self.init(.filter, kind: error.kind, error.description + suffix)
    }

    /// What took longer than a number of nanoseconds, in each of its attempts.
    init(lateIn stage: Stage, timeout: Int64, attempts: Int = 1) {
        let limit = Quantity.duration(nanoseconds: timeout)
        let each = attempts > 1 ? " in each of \(attempts) attempts" : ""
        self.init(
            stage, kind: "timed-out", "it took longer than \(limit)\(each); raise --timeout")
    }

    /// The whole line, as in `cannot decode a.png: …`.
    public func description(of source: Source) -> String {
        "cannot \(stage.name) \(source.displayName): \(message)"
    }
}

extension CodecError {
    fileprivate var kind: String {
        switch self {
        case .malformed: "malformed"
        case .unsupported, .unknownFormat: "unsupported-format"
        case .libraryMissing: "library-missing"
        case .pixelLimitExceeded, .tooLargeToEncode: "too-large"
        case .libraryFailed: "codec-failed"
        case .interrupted(.deadlinePassed): "timed-out"
        case .interrupted(.cancelled): "cancelled"
        }
    }
}

extension FilterError {
    fileprivate var kind: String {
        switch self {
        case .pixelLimitExceeded: "too-large"
        case .interrupted(.deadlinePassed): "timed-out"
        case .interrupted(.cancelled): "cancelled"
        default: "filter-failed"
        }
    }
}

extension WorkerError {
    fileprivate var kind: String {
        switch self {
        case .filterFailed(let error): error.kind
        case .filterRefused: "filter-failed"
        case .workerDied: "worker-crashed"
        case .timedOut, .interrupted(.deadlinePassed): "timed-out"
        case .protocolViolated: "protocol"
        case .cannotStart: "cannot-start"
        case .outOfMemory, .killedForMemory: "out-of-memory"
        case .memoryLimitExceeded: "too-large"
        case .interrupted(.cancelled): "cancelled"
        }
    }
}
