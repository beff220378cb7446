internal import CCurl
internal import Profiling

/// What one thread keeps from download to download: a handle of libcurl with its connections, and
/// what arrives through it.
final class DownloadSession {
    private let handle: EasyHandle
    private let receiver: ResponseReceiver
    private let limits: DownloadLimits

    /// The version of libcurl's headers; the library itself is not loaded for this.
    static var libraryVersion: String? { "libcurl \(LIBCURL_VERSION)" }

    /// Loads the library if need be and sets what is the same for all downloads.
    init(_ limits: DownloadLimits, _ cancellation: Cancellation) throws(TransferError) {
        let handle = try EasyHandle()
        let receiver = ResponseReceiver(limits: limits, cancellation: cancellation)
        // Signals, by which old resolvers end a wait, belong to the whole process.
        try handle.set(CURLOPT_NOSIGNAL, 1)
        try handle.set(CURLOPT_FOLLOWLOCATION, 1)
        try handle.set(CURLOPT_MAXREDIRS, limits.maximumRedirectCount)
        try handle.set(CURLOPT_FAILONERROR, 1)
        try handle.set(
            CURLOPT_CONNECTTIMEOUT_MS, Int(limits.connectTimeout.nanoseconds / 1_000_000))
        try handle.set(CURLOPT_LOW_SPEED_LIMIT, limits.lowSpeedBytesPerSecond)
        try handle.set(CURLOPT_LOW_SPEED_TIME, limits.lowSpeedSeconds)
        try handle.setSize(CURLOPT_MAXFILESIZE_LARGE, limits.maximumByteCount)
        try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try handle.set(CURLOPT_BUFFERSIZE, 128 << 10)
        try handle.set(CURLOPT_USERAGENT, limits.userAgent)
        try handle.setReceiver(receiver)
        self.handle = handle
        self.receiver = receiver
        self.limits = limits
    }

    /// What the last response asked for in `Retry-After`; zero if nothing.
    var requestedDelay: Duration? { .seconds(handle.size(CURLINFO_RETRY_AFTER)) }

    /// Sets the address of the next download.
    ///
    /// - Throws: ``DownloadFailure/badURL(_:)`` for all but HTTP and HTTPS.
    func setAddress(_ url: String) throws(TransferError) {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https", !url.utf8.contains(0) else {
            throw .downloadFailed(
                .badURL("only addresses that begin with http:// or https:// are read"), attempts: 0)
        }
        try handle.set(CURLOPT_URL, url)
        try handle.setProtocols(
            "http,https", redirected: scheme == "https" ? "https" : "http,https")
    }

    /// Tries once to download the file.
    ///
    /// - Returns: The failure, if another attempt may be worth it or must be counted; nil if the
    ///   whole file is there.
    /// - Throws: ``TransferError/tooLarge(limit:actual:)``, ``TransferError/cancelled``.
    func attempt(until deadline: MonotonicInstant) throws(TransferError) -> DownloadFailure? {
        let milliseconds = deadline.nanoseconds(since: .now) / 1_000_000
        // Zero would mean no limit.
        try handle.set(CURLOPT_TIMEOUT_MS, Int(max(1, milliseconds)))
        receiver.reset()
        let code = handle.perform()
        switch receiver.refusal {
        case .headerTooLarge: return .headerTooLarge(limit: limits.maximumHeaderByteCount)
        case .cancelled: throw .cancelled
        case .bodyTooLarge: throw tooLarge
        case nil: if code == CURLE_FILESIZE_EXCEEDED { throw tooLarge }
        }
        // libcurl counts in milliseconds, and may end a little before the deadline.
        let isLate = deadline <= MonotonicInstant.now.advanced(by: .milliseconds(5))
        return DownloadFailure(code, of: handle, receiver, limits, isLate: isLate)
    }

    /// Gives the file away that the last attempt brought.
    func takeDownload(attempts: Int) -> FetchedDownload {
        FetchedDownload(
            bytes: receiver.takeBody(), entityTag: receiver.entityTag, attempts: attempts)
    }

    private var tooLarge: TransferError {
        .tooLarge(limit: limits.maximumByteCount, actual: receiver.announcedByteCount)
    }
}
