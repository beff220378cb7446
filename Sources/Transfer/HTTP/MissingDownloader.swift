#if !HAVE_CURL
    public import Profiling

    /// What stands for the downloader in a build without libcurl: it says so for each URL.
    public struct Downloader: ~Copyable {
        /// The name and version of the library; nil here, where there is none.
        public static var libraryVersion: String? { nil }

        /// Makes a downloader that fetches nothing.
        public init(
            limits: DownloadLimits, cancellation: Cancellation
        ) throws(TransferError) {}

        /// Throws ``TransferError/libraryMissing(_:)``.
        public mutating func fetch(_ url: String) throws(TransferError) -> FetchedDownload {
            throw .libraryMissing("libcurl")
        }
    }
#endif
