/// Why a download failed.
public enum DownloadFailure: Hashable, Sendable {
    /// The server answered, but not with the file.
    case httpStatus(Int)

    /// Fewer bytes arrived than `bytesPerSecond` over so many seconds.
    case tooSlow(bytesPerSecond: Int, seconds: Int)

    /// The time for the whole download is over.
    case timedOut(Duration)

    /// No connection came about in this time.
    case connectTimedOut(Duration)

    /// The connection ended before the file did; `expected` is nil where the server did not say.
    case truncated(expected: Int?, actual: Int)

    /// The server can't prove who it is, or the encryption failed; the reason of the library.
    case tls(String)

    /// The server's name is unknown, or it refused or dropped the connection.
    case unreachable(String)

    /// The server pointed elsewhere more often than allowed.
    case tooManyRedirects(limit: Int)

    /// The address, or one that the server pointed to, is not one that is read here.
    case badURL(String)

    /// The header of the response is larger than allowed.
    case headerTooLarge(limit: Int)

    /// The server does not speak HTTP rightly; the reason of the library.
    case malformedResponse(String)

    /// The library failed by itself, for example for want of memory; its reason.
    case libraryFailed(String)
}

extension DownloadFailure {
    /// The word for this kind of failure in `--json` and the ledger.
    public var kind: String {
        switch self {
        case .httpStatus: "http-status"
        case .tooSlow: "too-slow"
        case .timedOut, .connectTimedOut: "timed-out"
        case .truncated: "truncated"
        case .tls: "tls"
        case .unreachable: "unreachable"
        case .tooManyRedirects: "too-many-redirects"
        case .badURL: "bad-url"
        case .headerTooLarge, .malformedResponse: "malformed-response"
        case .libraryFailed: "library-failed"
        }
    }

    /// Whether another attempt may succeed.
    ///
    /// What took too long once is not tried again: it would hold an I/O thread for as long again,
    /// at the cost of the other inputs.
    var isTransient: Bool {
        switch self {
        case .httpStatus(let status): status == 408 || status == 429 || (500...599) ~= status
        case .truncated, .unreachable: true
        case .tooSlow, .timedOut, .connectTimedOut, .tls, .tooManyRedirects, .badURL,
            .headerTooLarge, .malformedResponse, .libraryFailed:
            false
        }
    }
}

extension DownloadFailure: CustomStringConvertible {
    /// The clause that follows "cannot fetch https://example.org/a.png: ".
    public var description: String {
        switch self {
        case .httpStatus(let status): "HTTP status \(status)"
        case .tooSlow(let bytesPerSecond, let seconds):
            "fewer than \(bytesPerSecond) bytes/s arrived over \(seconds) s"
        case .timedOut(let limit):
            "it took longer than \(limit.inSeconds) s; raise --fetch-timeout"
        case .connectTimedOut(let limit): "no connection within \(limit.inSeconds) s"
        case .truncated(let expected?, let actual):
            "only \(actual) of \(expected) bytes arrived"
        case .truncated(nil, let actual):
            "the connection ended at byte \(actual), before the file did"
        case .tls(let reason), .unreachable(let reason), .badURL(let reason),
            .malformedResponse(let reason), .libraryFailed(let reason):
            reason
        case .tooManyRedirects(let limit): "more than \(limit) redirects"
        case .headerTooLarge(let limit): "the header of the response exceeds \(limit) bytes"
        }
    }
}

extension Duration {
    /// As in "10" or "0.5".
    fileprivate var inSeconds: String {
        let (seconds, attoseconds) = components
        return attoseconds == 0
            ? "\(seconds)" : "\(Double(seconds) + Double(attoseconds) / 1e18)"
    }
}
