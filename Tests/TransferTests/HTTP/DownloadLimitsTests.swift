import TestSupport
import Testing

@testable import Transfer

@Suite("The limits of a download", .needsDownloads, .timeLimit(.minutes(30)))
struct DownloadLimitsTests {
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
}
