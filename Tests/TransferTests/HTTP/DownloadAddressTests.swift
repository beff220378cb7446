import TestSupport
import Testing

@testable import Transfer

@Suite("The address of a download", .needsDownloads, .timeLimit(.minutes(30)))
struct DownloadAddressTests {
    @Test(
        "reads no addresses but those of HTTP",
        arguments: [
            "file:///etc/passwd", "/etc/passwd", "", "a.png", "ftp://a/b", "http:", "http://",
        ])
    func refusesAddress(url: String) {
        let error = #expect(throws: TransferError.self) { try fetch(url) }

        #expect(error?.kind == "bad-url")
    }

    @Test("leaves abbreviations as they are in what the library says")
    func keepsAbbreviations() {
        let error = #expect(throws: TransferError.self) { try fetch("http://") }

        #expect(error?.description.contains("URL") == true)
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
}
