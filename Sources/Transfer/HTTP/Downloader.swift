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
///
/// It costs nothing until the first download. The library is loaded then.
public struct Downloader: ~Copyable {
    private let limits: DownloadLimits
    private let cancellation: Cancellation
    private var session: DownloadSession?

    /// The name of the library and the version that this build was made for, as in
    /// "libcurl 7.88.1"; nil in a build that downloads nothing.
    public static var libraryVersion: String? { DownloadSession.libraryVersion }

    /// Makes a downloader, which belongs to the thread of its first download from then on.
    ///
    /// - Parameters:
    ///   - limits: What servers may do.
    ///   - cancellation: Ends a download within about a second.
    public init(limits: DownloadLimits, cancellation: Cancellation) {
        self.limits = limits
        self.cancellation = cancellation
    }

    /// Downloads a file.
    ///
    /// What may pass (connections that break, the statuses 408, 429 and 5xx) is tried again after a
    /// wait, as long as the time for the whole download lasts.
    ///
    /// - Parameters:
    ///   - url: An address that begins with `http://` or `https://`.
    ///   - onRetry: Told why an attempt came to nothing, before the wait for the next one.
    /// - Returns: The whole file.
    /// - Throws: ``TransferError/downloadFailed(_:attempts:)``,
    ///   ``TransferError/tooLarge(limit:actual:)``, ``TransferError/cancelled``, or
    ///   ``TransferError/libraryMissing(_:)``.
    public mutating func fetch(
        _ url: String, onRetry: (TransferError) -> Void = { _ in }
    ) throws(TransferError) -> FetchedDownload {
        let session = try openSession()
        try session.setAddress(url)
        let deadline = MonotonicInstant.now.advanced(by: limits.fetchTimeout)
        var attempts = 0
        while true {
            attempts += 1
            guard let failure = try session.attempt(until: deadline) else {
                return session.takeDownload(attempts: attempts)
            }
            let error = TransferError.downloadFailed(failure, attempts: attempts)
            guard failure.isTransient, attempts <= limits.retryCount else { throw error }
            let delay = limits.retryDelay.duration(
                after: attempts, requested: session.requestedDelay, chance: .random(in: 0..<1))
            let next = MonotonicInstant.now.advanced(by: delay)
            // To wait for what can't be tried in time would only hold the thread.
            guard next < deadline else { throw error }
            onRetry(error)
            try cancellation.wait(until: next)
        }
    }

    private mutating func openSession() throws(TransferError) -> DownloadSession {
        if let session { return session }
        let session = try DownloadSession(limits, cancellation)
        self.session = session
        return session
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
    func advanced(by duration: Duration) -> MonotonicInstant {
        advanced(byNanoseconds: duration.nanoseconds)
    }
}

extension Duration {
    /// Whole nanoseconds, at most some ninety years, which no sum with the clock overflows.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return min(max(seconds, 0), 3_000_000_000) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
