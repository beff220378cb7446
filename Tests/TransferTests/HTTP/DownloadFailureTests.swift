import TestSupport
import Testing

@testable import Transfer

@Suite("The failure of a download", .needsDownloads, .timeLimit(.minutes(30)))
struct DownloadFailureTests {
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
}
