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

    /// The most image memory in flight, in bytes.
    public var memoryByteCount: Int

    /// The longest that an attempt at an image may take, in nanoseconds.
    public var timeoutNanoseconds: Int64 = 60_000_000_000

    /// Further attempts at an image whose worker failed.
    public var retries = 2

    /// What happens to outputs that exist.
    public var overwrite = OverwritePolicy.never

    /// What happens to inputs with equal outputs.
    public var onCollision = CollisionPolicy.error

    /// What servers may do; its byte limit holds for files too.
    public var downloads = DownloadLimits()

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
    /// It is left alone, and its input fails.
    case never

    /// It is replaced.
    case always
}
