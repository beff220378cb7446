public import SystemCalls
public import Transfer

/// How a run does its work; nothing here changes a byte of the outputs.
public struct RunSettings: Sendable {
    /// Where filters run.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// On the lanes' own threads.
        case threads

        /// In a child process of each lane.
        case processes
    }

    /// Where filters run.
    public var mode = Mode.processes

    /// The number of lanes, at least 1.
    public var jobs: Int

    /// The threads that fetch, and as many that store; at least 1.
    public var ioJobs: Int

    /// The most outputs that wait for their names as open files; others wait under temporary names,
    /// which costs more and leaves them behind if the run is killed.
    public var openOutputCount = 0

    /// The most image memory in flight, in bytes.
    public var memoryByteCount: Int

    /// The longest that an attempt at an image may take, in nanoseconds.
    public var timeoutNanoseconds: Int64 = 60_000_000_000

    /// Further attempts at an image whose worker failed.
    public var retries = 2

    /// After how many images a worker is replaced by a fresh one; nil for never.
    public var imagesPerWorker: Int?

    /// What happens to outputs that exist.
    public var overwrite = OverwritePolicy.stale

    /// When an output counts as done.
    public var durability = Durability.batch

    /// Where the ledger is.
    public var ledger = LedgerPlace.inOutputFolder

    /// Whether only the inputs that failed according to the ledger are converted.
    public var retriesFailedOnly = false

    /// What happens to inputs with equal outputs.
    public var onCollision = CollisionPolicy.error

    /// What servers may do; its byte limit holds for files too.
    public var downloads = DownloadLimits()

    /// How many images may fail before the run ends.
    public var errorLimit = ErrorLimit.none

    /// The longest that the run may take until it is drained, in nanoseconds; nil is any time.
    public var maximumNanoseconds: Int64?

    /// Where inputs that fail are gathered; nil is nowhere.
    public var quarantine: BytePath?

    /// Whether the run ends at the first failed image.
    public var stopsAtFirstError = false

    /// The path of `pixloom-worker`.
    public var workerExecutable: String

    /// Makes settings.
    public init(jobs: Int, ioJobs: Int, memoryByteCount: Int, workerExecutable: String) {
        self.jobs = jobs
        self.ioJobs = ioJobs
        self.memoryByteCount = memoryByteCount
        self.workerExecutable = workerExecutable
    }
}

/// What happens to an output that exists.
public enum OverwritePolicy: String, Hashable, Sendable, CaseIterable {
    /// It is left alone if this recipe made it from this very source, replaced if the ledger says
    /// that it is ours but out of date, and never touched if it is not ours: its input fails.
    case stale

    /// It is left alone, and its input fails.
    case never

    /// It is replaced.
    case always
}

/// When an output is on disk, and so counts as done in the ledger.
public enum Durability: String, Hashable, Sendable, CaseIterable {
    /// When the system likes.
    case none

    /// Outputs are synced many at once, before they get their names and again before they count.
    case batch

    /// Each output is synced before it gets its name.
    case each
}

/// Where the ledger is.
public enum LedgerPlace: Hashable, Sendable {
    /// There is none.
    case none

    /// `.pixloom/ledger.ndjson` in the output folder; none where one named file is written.
    case inOutputFolder

    /// A file of its own.
    case file(BytePath)
}
