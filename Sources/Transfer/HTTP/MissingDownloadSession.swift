#if !HAVE_CURL
    internal import Profiling

    /// What stands for a session in a build without libcurl: nothing, since it can't be made.
    final class DownloadSession {
        static var libraryVersion: String? { nil }

        init(_ limits: DownloadLimits, _ cancellation: Cancellation) throws(TransferError) {
            throw .libraryMissing("libcurl")
        }

        var requestedDelay: Duration? { nil }

        func setAddress(_ url: String) throws(TransferError) {
            throw .libraryMissing("libcurl")
        }

        func attempt(until deadline: MonotonicInstant) throws(TransferError) -> DownloadFailure? {
            throw .libraryMissing("libcurl")
        }

        func takeDownload(attempts: Int) -> FetchedDownload {
            FetchedDownload(bytes: [], entityTag: nil, attempts: attempts)
        }
    }
#endif
