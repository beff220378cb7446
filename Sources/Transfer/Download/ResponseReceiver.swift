internal import Profiling

/// What arrives of one response, within limits.
///
/// libcurl's callbacks refer to it, so it is an object; it is used by the thread of its downloader
/// only.
final class ResponseReceiver {
    /// Why the transfer was ended from here.
    enum Refusal {
        case bodyTooLarge
        case headerTooLarge
        case cancelled
    }

    /// The reason, if the transfer was ended from here.
    private(set) var refusal: Refusal?

    /// The bytes of the body so far.
    private(set) var body: [UInt8] = []

    /// The `ETag` of the response.
    private(set) var entityTag: String?

    /// The `Content-Length` of the response.
    private(set) var announcedByteCount: Int?

    private let limits: DownloadLimits
    private let cancellation: Cancellation
    private var headerByteCount = 0

    init(limits: DownloadLimits, cancellation: Cancellation) {
        self.limits = limits
        self.cancellation = cancellation
    }

    /// Forgets the last response.
    func reset() {
        refusal = nil
        body = []
        headerByteCount = 0
        forgetFields()
    }

    /// Takes a part of the body; false ends the transfer.
    func receiveBody(_ chunk: UnsafeRawBufferPointer) -> Bool {
        guard chunk.count <= limits.maximumByteCount - body.count else {
            return refuse(.bodyTooLarge)
        }
        if body.isEmpty {
            // Memory that is never touched costs nothing, whatever the server announces.
            body.reserveCapacity(min(announcedByteCount ?? 0, limits.maximumByteCount))
        }
        unsafe body.append(contentsOf: chunk)
        return true
    }

    /// Takes a line of the header; false ends the transfer.
    func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerByteCount += line.count
        guard headerByteCount <= limits.maximumHeaderByteCount else {
            return refuse(.headerTooLarge)
        }
        let text = unsafe String(decoding: line, as: UTF8.self)
        // Each response, also a redirect, begins with its status line.
        if text.hasPrefix("HTTP/") { forgetFields() }
        if let value = value(of: "content-length:", in: text) { announcedByteCount = Int(value) }
        if let value = value(of: "etag:", in: text) { entityTag = value }
        return true
    }

    /// Whether the transfer may go on; asked at least once a second.
    func mayGoOn() -> Bool {
        cancellation.isSet ? refuse(.cancelled) : true
    }

    private func refuse(_ refusal: Refusal) -> Bool {
        self.refusal = refusal
        return false
    }

    /// Gives the body away.
    func takeBody() -> [UInt8] {
        defer { body = [] }
        return body
    }

    private func forgetFields() {
        entityTag = nil
        announcedByteCount = nil
    }

    private func value(of name: String, in line: String) -> String? {
        guard line.prefix(name.count).lowercased() == name else { return nil }
        let value = line.dropFirst(name.count).drop { $0.isWhitespace }
        return String(value.prefix { !$0.isNewline })
    }
}
