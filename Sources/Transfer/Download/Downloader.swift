internal import CCurl
internal import Glibc
public import Profiling

/// Fetches files over HTTP and HTTPS, whole or not at all, one after the other on one thread.
///
/// Connections and looked-up names are kept from one file to the next. The `http_proxy` family of
/// environment variables is obeyed, as curl(1) does. Certificates are always verified, and an
/// address that begins with `https` is never redirected to one that does not.
///
/// Bodies are taken as they are: no content encoding is asked for or undone, so a small response
/// can't become a large file.
public struct Downloader: ~Copyable {
    private let handle: EasyHandle
    private let receiver: ResponseReceiver
    private let limits: DownloadLimits
    private let cancellation: Cancellation

    /// The name and version of the library, as in "libcurl 7.88.1".
    public static var libraryVersion: String? {
        unsafe curl_version_info(CURLVERSION_FIRST)?.pointee.version
            .map { unsafe "libcurl \(String(cString: $0))" }
    }

    /// Makes a downloader for the calling thread, or for another one that it then stays on.
    ///
    /// - Parameters:
    ///   - limits: What servers may do.
    ///   - cancellation: Ends a download within about a second.
    /// - Throws: ``DownloadFailure/libraryFailed(_:)`` if the library can't start.
    public init(
        limits: DownloadLimits, cancellation: Cancellation
    ) throws(TransferError) {
        guard let handle = EasyHandle() else {
            throw .downloadFailed(.libraryFailed("libcurl cannot be started"), attempts: 0)
        }
        let receiver = ResponseReceiver(limits: limits, cancellation: cancellation)
        try handle.configure(limits, receiver)
        self.handle = handle
        self.receiver = receiver
        self.limits = limits
        self.cancellation = cancellation
    }

    /// Downloads a file.
    ///
    /// What may pass (connections that break, the statuses 408, 429 and 5xx) is tried again after a
    /// wait, as long as the time for the whole download lasts.
    ///
    /// - Parameter url: An address that begins with `http://` or `https://`.
    /// - Returns: The whole file.
    /// - Throws: ``TransferError/downloadFailed(_:attempts:)``,
    ///   ``TransferError/tooLarge(limit:actual:)`` or ``TransferError/cancelled``.
    public mutating func fetch(_ url: String) throws(TransferError) -> FetchedDownload {
        try handle.setAddress(url)
        let deadline = MonotonicInstant.now.advanced(by: limits.fetchTimeout)
        var attempts = 0
        while true {
            attempts += 1
            guard let failure = try attempt(until: deadline) else {
                return FetchedDownload(
                    bytes: receiver.takeBody(), entityTag: receiver.entityTag,
                    lastModified: receiver.lastModified, attempts: attempts)
            }
            let error = TransferError.downloadFailed(failure, attempts: attempts)
            guard failure.isTransient, attempts <= limits.retryCount else { throw error }
            let next = MonotonicInstant.now.advanced(by: delay(after: attempts))
            // To wait for what can't be tried in time would only hold the thread.
            guard next < deadline else { throw error }
            try cancellation.wait(until: next)
        }
    }

    /// Tries once, and returns the failure if another attempt may be worth it.
    private func attempt(until deadline: MonotonicInstant) throws(TransferError) -> DownloadFailure?
    {
        let milliseconds = deadline.nanoseconds(since: .now) / 1_000_000
        // Zero would mean no limit.
        try handle.set(CURLOPT_TIMEOUT_MS, Int(max(1, milliseconds)))
        receiver.reset()
        let code = handle.perform()
        switch receiver.refusal {
        case .bodyTooLarge:
            throw .tooLarge(
                limit: limits.maximumByteCount, actual: receiver.announcedByteCount)
        case .headerTooLarge: return .headerTooLarge(limit: limits.maximumHeaderByteCount)
        case .cancelled: throw .cancelled
        case nil: break
        }
        if code == CURLE_FILESIZE_EXCEEDED {
            throw .tooLarge(limit: limits.maximumByteCount, actual: receiver.announcedByteCount)
        }
        // libcurl counts in milliseconds, and may end a little before the deadline.
        let isLate = deadline <= MonotonicInstant.now.advanced(by: .milliseconds(5))
        return DownloadFailure(code, of: handle, receiver, limits, isLate: isLate)
    }

    private func delay(after attempts: Int) -> Duration {
        limits.retryDelay.duration(
            after: attempts, requested: .seconds(handle.size(CURLINFO_RETRY_AFTER)),
            chance: .random(in: 0..<1))
    }
}

extension EasyHandle {
    /// Sets what is the same for all downloads.
    fileprivate func configure(
        _ limits: DownloadLimits, _ receiver: ResponseReceiver
    ) throws(TransferError) {
        // Signals, by which old resolvers end a wait, belong to the whole process.
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_FOLLOWLOCATION, 1)
        try set(CURLOPT_MAXREDIRS, limits.maximumRedirectCount)
        try set(CURLOPT_FAILONERROR, 1)
        try set(CURLOPT_CONNECTTIMEOUT_MS, Int(limits.connectTimeout.nanoseconds / 1_000_000))
        try set(CURLOPT_LOW_SPEED_LIMIT, limits.lowSpeedBytesPerSecond)
        try set(CURLOPT_LOW_SPEED_TIME, limits.lowSpeedSeconds)
        try setSize(CURLOPT_MAXFILESIZE_LARGE, limits.maximumByteCount)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_BUFFERSIZE, 128 << 10)
        try set(CURLOPT_USERAGENT, limits.userAgent)
        try setReceiver(receiver)
    }

    /// Sets the address of the next download.
    fileprivate func setAddress(_ url: String) throws(TransferError) {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https", !url.utf8.contains(0) else {
            throw .downloadFailed(
                .badURL("only addresses that begin with http:// or https:// are read"), attempts: 0)
        }
        try set(CURLOPT_URL, url)
        try setProtocols("http,https", redirected: scheme == "https" ? "https" : "http,https")
    }
}

extension Cancellation {
    /// Waits, but not on after the flag is set.
    fileprivate func wait(until end: MonotonicInstant) throws(TransferError) {
        while true {
            if isSet { throw .cancelled }
            let rest = end.nanoseconds(since: .now)
            if rest <= 0 { return }
            var time = timespec(tv_sec: 0, tv_nsec: Int(min(rest, 100_000_000)))
            _ = unsafe nanosleep(&time, nil)
        }
    }
}

extension MonotonicInstant {
    fileprivate func advanced(by duration: Duration) -> MonotonicInstant {
        advanced(byNanoseconds: duration.nanoseconds)
    }
}

extension Duration {
    /// Whole nanoseconds, at most some ninety years, which no sum with the clock overflows.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return min(max(seconds, 0), 3_000_000_000) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
