import Profiling
import Testing

@testable import Transfer

extension Trait where Self == ConditionTrait {
    /// Skips what downloads in a build that cannot.
    static var needsDownloads: Self {
        .enabled(if: Downloader.libraryVersion != nil, "this build has no libcurl")
    }
}

/// Downloads a file with a downloader of its own.
func fetch(
    _ url: String, _ limits: DownloadLimits = .forTests
) throws(TransferError) -> FetchedDownload {
    var downloader = Downloader(limits: limits, cancellation: Cancellation())
    return try downloader.fetch(url)
}

/// How a download fails.
func failure(_ failure: DownloadFailure, attempts: Int = 1) -> TransferError {
    .downloadFailed(failure, attempts: attempts)
}

extension DownloadLimits {
    /// The usual limits, but without long waits between attempts.
    static var forTests: DownloadLimits {
        var limits = DownloadLimits()
        limits.retryDelay.first = .milliseconds(2)
        limits.retryDelay.longest = .milliseconds(10)
        return limits
    }
}
