/// What the verdict must know of a run beyond its timing spans.
public struct RunContext: Sendable {
    /// Whether filters ran in child processes.
    public var usesProcesses: Bool

    /// The number of lanes.
    public var jobs: Int

    /// The number of I/O threads.
    public var ioJobs: Int

    /// The cores that this process may use.
    public var cores: Int

    /// The time from the run's beginning to its end, in nanoseconds.
    public var wallNanoseconds: Int64

    /// The images that ended, in whatever way.
    public var imageCount: Int

    /// The filters of the chain with the time that each took over all images.
    public var filters: [FilterTime] = []

    /// Whether an input is a URL.
    public var hasURLs = false

    /// What writes PNG files more cheaply, as in `--png-effort fast`; `nil` if no PNG file was
    /// written or nothing is cheaper.
    public var cheaperEncoding: String?

    /// Makes the context of a run without filters and URLs.
    public init(
        usesProcesses: Bool, jobs: Int, ioJobs: Int, cores: Int, wallNanoseconds: Int64,
        imageCount: Int
    ) {
        self.usesProcesses = usesProcesses
        self.jobs = jobs
        self.ioJobs = ioJobs
        self.cores = cores
        self.wallNanoseconds = wallNanoseconds
        self.imageCount = imageCount
    }
}

/// The time that one filter took over all images.
public struct FilterTime: Sendable {
    /// The filter's name on the command line.
    public let name: String

    /// The time in nanoseconds.
    public var nanoseconds: Int64

    /// What to change to make it cheaper, as in `a smaller radius`; `nil` if nothing is known.
    public let remedy: String?

    /// Makes the time of a filter.
    public init(name: String, nanoseconds: Int64 = 0, remedy: String? = nil) {
        self.name = name
        self.nanoseconds = nanoseconds
        self.remedy = remedy
    }
}
