/// How long, how large and how often: what a server may do to a ``Downloader``.
public struct DownloadLimits: Hashable, Sendable {
    /// The time for one connection: name, TCP and TLS.
    public var connectTimeout: Duration = .seconds(10)

    /// The time for the whole download, all attempts and the waits between them included.
    public var fetchTimeout: Duration = .seconds(60)

    /// The fewest bytes a second, over ``lowSpeedSeconds``.
    public var lowSpeedBytesPerSecond = 1024

    /// The seconds over which fewer bytes a second than the least are too few; at least 1.
    public var lowSpeedSeconds = 10

    /// The largest file, in bytes.
    public var maximumByteCount = 256 << 20

    /// The largest header of a response, in bytes, those of redirects included.
    public var maximumHeaderByteCount = 64 << 10

    /// The most redirects that are followed.
    public var maximumRedirectCount = 5

    /// The further attempts after a failure that may pass.
    public var retryCount = 2

    /// How long to wait before them.
    public var retryDelay = RetryDelay()

    /// What the server is told about its client.
    public var userAgent = "pixloom"

    /// The limits that `--help` names as defaults.
    public init() {}
}
