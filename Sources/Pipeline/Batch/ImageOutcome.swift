public import Images
public import Profiling
public import SystemCalls
internal import Transfer

/// What became of one input; filled in on its way through the stages.
public struct ImageOutcome: Sendable {
    /// How an input ended.
    public enum Status: String, Sendable, CaseIterable {
        case converted
        case upToDate = "up-to-date"
        case skipped
        case failed
        case planned
    }

    /// The position in the order of enumeration, from 0.
    public let index: Int

    /// Where the image comes from.
    public let source: Source

    /// The path below the output folder; nil while it is not known, and for standard output.
    public internal(set) var destination: BytePath?

    /// How it ended.
    public internal(set) var status = Status.converted

    /// What tells this state of the source from others; nil while it is not known.
    public internal(set) var identity: SourceIdentity?

    /// The SHA-256 of the output, if a ledger is kept.
    var outputHash: ContentHash?

    /// Whether an output of this name is ours and out of date, so that it is replaced.
    var replacesOutput = false

    /// The size of the result.
    public internal(set) var size: ImageSize?

    /// The size of the source, as it is stored.
    public internal(set) var sourceSize: ImageSize?

    /// The format of the source.
    public internal(set) var sourceFormat: ImageFormat?

    /// The format of the result.
    public internal(set) var format: ImageFormat?

    /// The bytes of the source.
    public internal(set) var byteCountIn = 0

    /// The bytes of the result.
    public internal(set) var byteCountOut = 0

    /// How often a lane began with it.
    public internal(set) var attempts = 0

    /// The lane that took it.
    public internal(set) var lane: Int?

    /// When its fetch began.
    public internal(set) var start: MonotonicInstant?

    /// The time that it spent in each stage.
    public internal(set) var times = StageTimes()

    /// What was wrong with the source but did not prevent a result.
    public internal(set) var warnings: [String] = []

    /// Why it failed.
    public internal(set) var failure: ImageFailure?

    init(index: Int, source: Source) {
        self.index = index
        self.source = source
    }

    /// The same input, failed.
    func failed(_ failure: ImageFailure) -> ImageOutcome {
        var outcome = self
        outcome.status = .failed
        outcome.failure = failure
        return outcome
    }
}

/// Nanoseconds by stage.
public struct StageTimes: Sendable {
    // In place: an array would be one more allocation for each image, and one more count of
    // references in each copy of an outcome.
    private var nanoseconds = InlineArray<12, Int64>(repeating: 0)

    /// The time in a stage, in nanoseconds.
    public subscript(stage: Stage) -> Int64 {
        get { nanoseconds[Int(stage.rawValue)] }
        set { nanoseconds[Int(stage.rawValue)] = newValue }
    }
}
