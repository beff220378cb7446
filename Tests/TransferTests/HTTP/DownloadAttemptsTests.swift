import TestSupport
import Testing

@testable import Transfer

@Suite("The attempts at a download", .needsDownloads, .timeLimit(.minutes(30)))
struct DownloadAttemptsTests {
    private let bytes = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* 7) }

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

    @Test("reports servers that are not there, after all attempts")
    func reportsUnreachable() throws {
        let port = try ClosedPort()

        let error = #expect(throws: TransferError.self) { try fetch(port.url) }

        #expect(error?.kind == "unreachable")
        #expect("\(try #require(error))".hasSuffix("after 3 attempts"))
    }
}
