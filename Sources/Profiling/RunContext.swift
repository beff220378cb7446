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

    /// What makes a filter cheaper, by its name, as in `a smaller radius`.
    public var filterRemedies: [String: String] = [:]

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
