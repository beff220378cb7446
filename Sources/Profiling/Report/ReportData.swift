/// Everything that a report shows of a run, whether it just ended or comes from a ledger.
public struct ReportData: Sendable {
    /// The command that was run, as in `pixloom photos -o out -s 50%`.
    public var command: String

    /// When it was run, as in `2026-11-22 08:38 UTC`; empty if that is not known.
    public var date = ""

    /// How the images ended.
    public var counts: OutcomeCounts

    /// The time from the run's beginning to its end, in nanoseconds.
    public var wallNanoseconds: Int64

    /// The processor time of all processes in nanoseconds, if it is known.
    public var processorNanoseconds: Int64?

    /// The peak memory of the whole process tree in bytes, if it is known.
    public var peakMemoryByteCount: Int64?

    /// What binds and what to change, in one sentence; `nil` if the run does not tell.
    public var verdict: String?

    /// Where the time of all threads went.
    public var profile = Profile()

    /// The images and the lanes over time.
    public var history = RunHistory()

    /// The settings of the run, by name.
    public var settings: [Fact] = []

    /// What the machine offers, by name.
    public var machine: [Fact] = []

    /// All runs of the ledger that the data comes from; empty if it comes from none.
    var runs: [RunOfLedger] = []

    /// Which of the runs it is.
    var shownRun = ""

    /// Makes the data of a run with nothing optional.
    public init(command: String, counts: OutcomeCounts, wallNanoseconds: Int64) {
        self.command = command
        self.counts = counts
        self.wallNanoseconds = wallNanoseconds
    }

    /// A name and what is so called, as in `lanes` and `2`.
    public struct Fact: Sendable {
        /// The name.
        public let name: String

        /// What is so called.
        public let value: String

        /// Makes a fact.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}

/// How many images ended in which way.
public struct OutcomeCounts: Sendable {
    /// Outputs that were written.
    public var converted = 0

    /// Outputs that were there already.
    public var upToDate = 0

    /// Files that are no images.
    public var skipped = 0

    /// Images that could not be converted.
    public var failed = 0

    /// Makes counts of nothing.
    public init() {}
}

/// What became of one image, and where its time went.
public struct ReportedImage: Sendable {
    /// The path or URL that it came from.
    public let source: String

    /// The time in each stage that does work, in nanoseconds.
    public var stages: [(stage: Stage, nanoseconds: Int64)] = []

    /// The bytes that were read.
    public var byteCountIn: Int64 = 0

    /// The bytes that were written.
    public var byteCountOut: Int64 = 0

    /// The size of the source, as in `6000×4000`; empty if it is not known.
    public var size = ""

    /// The attempts that were made.
    public var attempts = 1

    /// Why it failed; `nil` if it did not.
    public var failure: String?

    /// Makes an image that took no time.
    public init(source: String) {
        self.source = source
    }

    /// The time in all stages together, in nanoseconds.
    public var nanoseconds: Int64 { stages.reduce(0) { $0 &+ $1.nanoseconds } }
}
