import Glibc
import Profiling
import TestSupport
import Testing

@testable import Transfer

@Suite(
    "A downloader",
    .enabled(if: Downloader.libraryVersion != nil, "this build has no libcurl"),
    .timeLimit(.minutes(1)))
struct DownloaderTests {
    private let bytes = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    @Test("fetches a file whole")
    func fetches() throws {
        let server = try HTTPServer { [bytes] _ in
            .response(bytes, headers: ["ETag: \"x\"", "last-modified:  yesterday"])
        }

        let file = try fetch(server.url("/a.png"))

        #expect(file.bytes == bytes)
        #expect(file.entityTag == "\"x\"")
        #expect(file.lastModified == "yesterday")
        #expect(file.attempts == 1)
    }

    @Test("keeps its connection for the next file")
    func keepsConnection() throws {
        let server = try HTTPServer { _ in .response([1]) }
        var downloader = Downloader(limits: .forTests, cancellation: Cancellation())

        for _ in 0..<3 { _ = try downloader.fetch(server.url()) }

        #expect(server.requests.map(\.connection) == [0, 0, 0])
    }

    @Test("says who it is, and asks for no content encoding")
    func introducesItself() throws {
        let server = try HTTPServer { _ in .response([1]) }
        var limits = DownloadLimits.forTests
        limits.userAgent = "pixloom/1.2"

        _ = try fetch(server.url("/a?b=c#d"), limits)

        let request = try #require(server.requests.first)
        #expect(request.path == "/a?b=c")
        #expect(request.head.contains("User-Agent: pixloom/1.2"))
        #expect(!request.head.lowercased().contains("accept-encoding"))
    }

    @Test("takes a body without a length, in chunks or up to the end of the connection")
    func takesUnknownLength() throws {
        let server = try HTTPServer { request in
            request.path == "/chunked"
                ? [
                    .send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n")
                ]
                : [.send("HTTP/1.1 200 OK\r\n\r\nab"), .close]
        }

        #expect(try fetch(server.url("/chunked")).bytes == Array("ab".utf8))
        #expect(try fetch(server.url("/closed")).bytes == Array("ab".utf8))
    }

    @Test("leaves a content encoding alone, however large its content would be")
    func leavesEncoding() throws {
        let server = try HTTPServer { _ in
            .response([0x1F, 0x8B, 8, 0], headers: ["Content-Encoding: gzip"])
        }

        #expect(try fetch(server.url()).bytes == [0x1F, 0x8B, 8, 0])
    }

    @Test("follows redirects, also to other hosts, at most so many")
    func followsRedirects() throws {
        let server = try HTTPServer { request in
            guard let number = Int(request.path.dropFirst()), number > 0 else {
                return .response([1], headers: ["ETag: last"])
            }
            return .response(
                status: "302 Found", headers: ["Location: /\(number - 1)", "ETag: \(number)"])
        }

        let file = try fetch(server.url("/5"))

        #expect(file.bytes == [1])
        #expect(file.entityTag == "last")
        #expect(throws: failure(.tooManyRedirects(limit: 5))) { try fetch(server.url("/6")) }
        #expect(server.requests.count == 12)
    }

    @Test(
        "never follows a redirect to what is neither HTTP nor HTTPS",
        arguments: ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/", "dict://a/b"])
    func refusesRedirect(address: String) throws {
        let server = try HTTPServer { _ in
            .response(status: "302 Found", headers: ["Location: \(address)"])
        }

        let error = #expect(throws: TransferError.self) { try fetch(server.url()) }

        #expect(error?.kind == "bad-url")
        #expect(server.requests.count == 1)
    }

    @Test(
        "reads no addresses but those of HTTP",
        arguments: [
            "file:///etc/passwd", "/etc/passwd", "", "a.png", "ftp://a/b", "http:", "http://",
        ])
    func refusesAddress(url: String) {
        let error = #expect(throws: TransferError.self) { try fetch(url) }

        #expect(error?.kind == "bad-url")
    }

    @Test("tries no status of 4xx again", arguments: [400, 401, 403, 404, 410])
    func reportsStatus(status: Int) throws {
        let server = try HTTPServer { _ in .response([1, 2, 3], status: "\(status) No") }

        #expect(throws: failure(.httpStatus(status))) { try fetch(server.url()) }
        #expect(server.requests.count == 1)
    }

    @Test("tries what may pass again, so often and no more", arguments: [408, 429, 500, 502, 503])
    func triesStatusAgain(status: Int) throws {
        let server = try HTTPServer { _ in .response(status: "\(status) No") }

        #expect(throws: failure(.httpStatus(status), attempts: 3)) { try fetch(server.url()) }
        #expect(server.requests.count == 3)
    }

    @Test("counts the attempts that a file took")
    func succeedsLater() throws {
        let attempts = Counter()
        let server = try HTTPServer { [bytes] _ in
            switch attempts.next() {
            case 1: [.reset]
            case 2: [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), .close]
            default: .response(bytes)
            }
        }

        let file = try fetch(server.url())

        #expect(file.attempts == 3)
        #expect(file.bytes == bytes)
    }

    @Test(
        "does not wait for a time that comes too late",
        arguments: ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
    func givesUpAtOnce(time: String) throws {
        let server = try HTTPServer { _ in
            .response(status: "503 Busy", headers: ["Retry-After: \(time)"])
        }
        var limits = DownloadLimits.forTests
        limits.fetchTimeout = .seconds(20)
        limits.retryDelay.longest = .seconds(30)

        #expect(throws: failure(.httpStatus(503))) { try fetch(server.url(), limits) }
        #expect(server.requests.count == 1)
    }

    @Test(
        "takes a time to wait that makes no sense for none",
        arguments: ["-5", "soon", "0", "", "99999999999999999999"])
    func ignoresNonsense(time: String) throws {
        let server = try HTTPServer { _ in
            .response(status: "503 Busy", headers: ["Retry-After: \(time)"])
        }

        #expect(throws: failure(.httpStatus(503), attempts: 3)) { try fetch(server.url()) }
    }

    @Test("never returns a part of a file, however it ends")
    func reportsTruncation() throws {
        let server = try HTTPServer { request in
            switch request.path {
            case "/short": [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), .close]
            case "/chunked":
                [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"), .close]
            case "/reset":
                [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), .reset]
            default: []
            }
        }

        #expect(throws: failure(.truncated(expected: 9, actual: 3), attempts: 3)) {
            try fetch(server.url("/short"))
        }
        #expect(throws: failure(.truncated(expected: nil, actual: 3), attempts: 3)) {
            try fetch(server.url("/chunked"))
        }
        let error = #expect(throws: TransferError.self) { try fetch(server.url("/reset")) }
        #expect(error?.kind == "truncated")
    }

    @Test("takes no part of a file for the file")
    func refusesPart() throws {
        let server = try HTTPServer { _ in
            .response([1], status: "206 Partial Content", headers: ["Content-Range: bytes 0-0/2"])
        }

        #expect(throws: failure(.httpStatus(206))) { try fetch(server.url()) }
    }

    @Test("ends a body that is larger than allowed, announced or not")
    func limitsBody() throws {
        let server = try HTTPServer { request in
            let length = request.path == "/announced" ? "Content-Length: 1001\r\n" : ""
            return [
                .send("HTTP/1.1 200 OK\r\n\(length)\r\n"),
                .sendForever([UInt8](repeating: 1, count: 1 << 16)),
            ]
        }
        var limits = DownloadLimits.forTests
        limits.maximumByteCount = 1000

        #expect(throws: TransferError.tooLarge(limit: 1000, actual: 1001)) {
            try fetch(server.url("/announced"), limits)
        }
        #expect(throws: TransferError.tooLarge(limit: 1000, actual: nil)) {
            try fetch(server.url("/endless"), limits)
        }
    }

    @Test("ends a header that is larger than allowed")
    func limitsHeader() throws {
        let server = try HTTPServer { _ in
            [
                .send("HTTP/1.1 200 OK\r\n"),
                .sendForever(Array("X: \(String(repeating: "a", count: 999))\r\n".utf8)),
            ]
        }

        #expect(throws: failure(.headerTooLarge(limit: 64 << 10))) { try fetch(server.url()) }
    }

    @Test("ends what comes too slowly", arguments: ["/header", "/body", "/nothing"])
    func limitsSlowness(path: String) throws {
        let server = try HTTPServer { request in
            switch request.path {
            case "/header":
                [
                    .send("HTTP/1.1 200 OK\r\nX: "),
                    .trickle(Array(repeating: UInt8(ascii: "a"), count: 10_000), milliseconds: 50),
                ]
            case "/body":
                [
                    .send("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"),
                    .trickle(Array(repeating: 1, count: 10_000), milliseconds: 50),
                ]
            default: [.hang]
            }
        }
        var limits = DownloadLimits.forTests
        limits.lowSpeedSeconds = 1

        #expect(throws: failure(.tooSlow(bytesPerSecond: 1024, seconds: 1))) {
            try fetch(server.url(path), limits)
        }
        #expect(server.requests.count == 1)
    }

    @Test("ends what takes too long altogether")
    func limitsTime() throws {
        let server = try HTTPServer { _ in
            [
                .send("HTTP/1.1 200 OK\r\n\r\n"),
                .trickle([UInt8](repeating: 1, count: 100_000), milliseconds: 0),
            ]
        }
        var limits = DownloadLimits.forTests
        limits.fetchTimeout = .milliseconds(300)
        limits.lowSpeedBytesPerSecond = 1

        #expect(throws: failure(.timedOut(.milliseconds(300)))) { try fetch(server.url(), limits) }
    }

    @Test("ends an attempt to connect that nobody answers")
    func limitsConnecting() throws {
        let hole = try BlackHole()
        var limits = DownloadLimits.forTests
        limits.connectTimeout = .milliseconds(300)

        #expect(throws: failure(.connectTimedOut(.milliseconds(300)))) {
            try fetch(hole.url, limits)
        }
    }

    @Test("reports servers that are not there, after all attempts")
    func reportsUnreachable() throws {
        let port = try ClosedPort()

        let error = #expect(throws: TransferError.self) { try fetch(port.url) }

        #expect(error?.kind == "unreachable")
        #expect("\(try #require(error))".hasSuffix("after 3 attempts"))
    }

    @Test("reports a server that does not speak HTTP")
    func reportsNonsense() throws {
        let server = try HTTPServer { _ in [.send("220 mail.example.org ESMTP\r\n"), .close] }

        let error = #expect(throws: TransferError.self) { try fetch(server.url()) }

        #expect(error?.kind == "malformed-response")
    }

    @Test("reports a server that can't encrypt, and does not fall back")
    func reportsTLS() throws {
        let server = try HTTPServer(greeting: .response(status: "400 Bad Request")) { _ in
            .response([1])
        }

        let error = #expect(throws: TransferError.self) {
            try fetch(server.url(scheme: "https"))
        }

        #expect(error?.kind == "tls")
        #expect(server.requests.isEmpty)
    }

    @Test(
        "refuses a server that nobody vouches for",
        .enabled(if: SelfSignedServer.isAvailable, "there is no openssl command"))
    func refusesSelfSigned() throws {
        let folder = try TemporaryFolder()
        let server = try SelfSignedServer(in: folder)

        let error = #expect(throws: TransferError.self) { try fetch(server.url) }

        #expect(error?.kind == "tls")
        #expect("\(try #require(error))".contains("certificate"))
    }

    @Test(
        "stops a download with the run, and waits no longer either", arguments: ["/hang", "/retry"])
    func isCancelled(path: String) throws {
        let cancellation = Cancellation()
        let server = try HTTPServer { request in
            cancellation.set()
            return request.path == "/hang" ? [.hang] : .response(status: "503 Busy")
        }
        var limits = DownloadLimits.forTests
        limits.retryDelay.first = .seconds(60)
        limits.retryDelay.longest = .seconds(60)
        limits.fetchTimeout = .seconds(600)
        var downloader = Downloader(limits: limits, cancellation: cancellation)

        do throws(TransferError) {
            _ = try downloader.fetch(server.url(path))
            Issue.record("it was cancelled")
        } catch {
            #expect(error == .cancelled)
        }
        #expect(server.requests.count == 1)
    }

    @Test(
        "fetches the next file as if nothing had happened",
        arguments: ["/404", "/short", "/large", "/hang", "/loop", "/reset"])
    func recovers(path: String) throws {
        let server = try HTTPServer { request in
            switch request.path {
            case "/404": .response([1, 2], status: "404 Not Found")
            case "/short": [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), .close]
            case "/large": .response([UInt8](repeating: 1, count: 1001))
            case "/hang": [.hang]
            case "/loop": .response(status: "301 Moved", headers: ["Location: /loop"])
            case "/reset": [.reset]
            default: .response([1, 2, 3])
            }
        }
        var limits = DownloadLimits.forTests
        limits.maximumByteCount = 1000
        // Long enough for an answer that is given at once.
        if path == "/hang" { limits.lowSpeedSeconds = 3 }
        var downloader = Downloader(limits: limits, cancellation: Cancellation())

        let failed = try? downloader.fetch(server.url(path))
        let file = try downloader.fetch(server.url("/good"))

        #expect(failed == nil)
        #expect(file.bytes == [1, 2, 3])
        #expect(file.attempts == 1)
    }
}

private func fetch(
    _ url: String, _ limits: DownloadLimits = .forTests
) throws(TransferError) -> FetchedDownload {
    var downloader = Downloader(limits: limits, cancellation: Cancellation())
    return try downloader.fetch(url)
}

private func failure(_ failure: DownloadFailure, attempts: Int = 1) -> TransferError {
    .downloadFailed(failure, attempts: attempts)
}

extension DownloadLimits {
    /// The usual limits, but without long waits between attempts.
    fileprivate static var forTests: DownloadLimits {
        var limits = DownloadLimits()
        limits.retryDelay.first = .milliseconds(2)
        limits.retryDelay.longest = .milliseconds(10)
        return limits
    }
}
