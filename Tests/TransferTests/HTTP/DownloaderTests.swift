import Profiling
import TestSupport
import Testing

@testable import Transfer

@Suite("A downloader", .needsDownloads, .timeLimit(.minutes(30)))
struct DownloaderTests {
    private let bytes = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    @Test("fetches a file whole")
    func fetches() throws {
        let server = try HTTPServer { [bytes] _ in
            .response(bytes, headers: ["etag:  \"x\""])
        }

        let file = try fetch(server.url("/a.png"))

        #expect(file.bytes == bytes)
        #expect(file.entityTag == "\"x\"")
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
