internal import CCurl

extension DownloadFailure {
    /// What a transfer ended in; nil if it brought the whole file.
    ///
    /// - Parameters:
    ///   - code: What libcurl returned.
    ///   - handle: The handle of the transfer, which knows more about it.
    ///   - receiver: What arrived.
    ///   - limits: What was allowed.
    ///   - isLate: Whether the time for the whole download is over.
    init?(
        _ code: CURLcode, of handle: borrowing EasyHandle, _ receiver: ResponseReceiver,
        _ limits: DownloadLimits, isLate: Bool
    ) {
        let status = handle.number(CURLINFO_RESPONSE_CODE)
        let isAnswered = (200...299) ~= status
        switch code {
        case CURLE_OK:
            // 206 is a part of the file; a 3xx without a place to go to is no file either.
            if isAnswered, status != 206 { return nil }
            self = .httpStatus(status)
        case CURLE_HTTP_RETURNED_ERROR:
            self = .httpStatus(status)
        case CURLE_OPERATION_TIMEDOUT where isLate:
            self = .timedOut(limits.fetchTimeout)
        case CURLE_OPERATION_TIMEDOUT where handle.size(CURLINFO_PRETRANSFER_TIME_T) == 0:
            self = .connectTimedOut(limits.connectTimeout)
        case CURLE_OPERATION_TIMEDOUT:
            self = .tooSlow(
                bytesPerSecond: limits.lowSpeedBytesPerSecond, seconds: limits.lowSpeedSeconds)
        case CURLE_PARTIAL_FILE:
            self = .truncated(
                expected: receiver.announcedByteCount, actual: receiver.body.count)
        case CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            self =
                isAnswered
                ? .truncated(expected: receiver.announcedByteCount, actual: receiver.body.count)
                : .unreachable(handle.message(for: code))
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
            CURLE_SEND_ERROR, CURLE_PROXY:
            self = .unreachable(handle.message(for: code))
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED:
            self = .tls(handle.message(for: code))
        case CURLE_TOO_MANY_REDIRECTS:
            self = .tooManyRedirects(limit: limits.maximumRedirectCount)
        case CURLE_URL_MALFORMAT:
            self = .badURL(handle.message(for: code))
        case CURLE_UNSUPPORTED_PROTOCOL where (300...399) ~= status:
            let address = handle.string(CURLINFO_REDIRECT_URL) ?? "another protocol"
            self = .badURL("it redirects to \(address), which is not allowed")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
            CURLE_HTTP3:
            self = .malformedResponse(handle.message(for: code))
        default:
            self = .libraryFailed("libcurl: \(handle.message(for: code)) (\(code.rawValue))")
        }
    }
}
