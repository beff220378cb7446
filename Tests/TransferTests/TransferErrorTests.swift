import Glibc
import SystemCalls
import Testing

@testable import Transfer

@Suite("A transfer error")
struct TransferErrorTests {
    @Test(
        "says in one line why, and names its kind",
        arguments: [
            (.notFound, "not-found", "there is no such file or folder"),
            (.notAFile(.fifo), "not-a-file", "it is a fifo, not a file"),
            (.notAFolder("a/b"), "not-a-folder", "a/b is not a folder"),
            (.changed, "changed", "it changed while it was read"),
            (
                .tooLarge(limit: 2, actual: 3), "too-large",
                "it has 3 bytes, 2 are allowed; raise --max-bytes"
            ),
            (
                .tooLarge(limit: 2, actual: nil), "too-large",
                "it has more than the 2 bytes allowed; raise --max-bytes"
            ),
            (
                .permissionDenied(.failed("openat", errno: EACCES)), "permission-denied",
                "openat: permission denied"
            ),
            (
                .noSpace(.failed("write", errno: ENOSPC)), "no-space",
                "write: no space left on device"
            ),
            (
                .systemCallFailed(.failed("close", errno: EIO)), "io",
                "close: input/output error"
            ),
            (
                .exists, "exists", "a file of this name exists; --overwrite always replaces it"
            ),
            (.brokenPipe, "broken-pipe", "the reader of standard output has gone"),
            (.linkLoop, "link-loop", "the symbolic link leads to a folder around it"),
            (
                .lineTooLong(number: 7, limit: 65_536), "line-too-long",
                "line 7 has more than 65536 bytes; a list has one path or URL a line"
            ),
            (.libraryMissing("libcurl"), "library-missing", "built without libcurl"),
            (.cancelled, "cancelled", "the run was stopped"),
        ] as [(TransferError, String, String)])
    func describes(error: TransferError, kind: String, description: String) {
        #expect(error.kind == kind)
        #expect(error.description == description)
    }

    @Test(
        "says why a name is bad",
        arguments: [
            (.empty, "the name is empty"),
            (.absolute, "the name begins with a slash; outputs lie below the output folder"),
            (.component(".."), "the name has the component \"..\""),
            (.component(""), "the name has nothing between two slashes or after the last"),
            (
                .componentTooLong(byteCount: 300, limit: 255),
                "the name has a component of 300 bytes, 255 are allowed"
            ),
        ] as [(BadName, String)])
    func describesBadName(reason: BadName, description: String) {
        #expect(TransferError.badName(reason).kind == "bad-name")
        #expect(TransferError.badName(reason).description == description)
    }

    @Test(
        "says why a download failed",
        arguments: [
            (.httpStatus(404), "http-status", "HTTP status 404"),
            (
                .tooSlow(bytesPerSecond: 1024, seconds: 10), "too-slow",
                "fewer than 1024 bytes/s arrived over 10 s"
            ),
            (
                .timedOut(.seconds(60)), "timed-out",
                "it took longer than 60 s; raise --fetch-timeout"
            ),
            (
                .connectTimedOut(.milliseconds(1500)), "timed-out", "no connection within 1.5 s"
            ),
            (
                .truncated(expected: 9, actual: 3), "truncated",
                "only 3 of 9 bytes arrived"
            ),
            (
                .truncated(expected: nil, actual: 3), "truncated",
                "the connection ended at byte 3, before the file did"
            ),
            (.tls("no certificate"), "tls", "no certificate"),
            (.unreachable("connection refused"), "unreachable", "connection refused"),
            (.tooManyRedirects(limit: 5), "too-many-redirects", "more than 5 redirects"),
            (.badURL("no scheme"), "bad-url", "no scheme"),
            (
                .headerTooLarge(limit: 65_536), "malformed-response",
                "the header of the response exceeds 65536 bytes"
            ),
            (.malformedResponse("nonsense"), "malformed-response", "nonsense"),
            (.libraryFailed("libcurl: no"), "library-failed", "libcurl: no"),
        ] as [(DownloadFailure, String, String)])
    func describesDownload(failure: DownloadFailure, kind: String, description: String) {
        let error = TransferError.downloadFailed(failure, attempts: 1)

        #expect(error.kind == kind)
        #expect(error.description == description)
    }

    @Test("counts the attempts at a download where there were several")
    func countsAttempts() {
        let error = TransferError.downloadFailed(.httpStatus(503), attempts: 3)

        #expect(error.description == "HTTP status 503 after 3 attempts")
    }

    @Test(
        "tells by errno whose fault a failed call is",
        arguments: [
            (ENOENT, "not-found"), (EACCES, "permission-denied"), (EROFS, "permission-denied"),
            (ENOSPC, "no-space"), (EDQUOT, "no-space"), (EEXIST, "exists"),
            (EISDIR, "not-a-file"), (EPIPE, "broken-pipe"), (EIO, "io"), (EMFILE, "io"),
        ])
    func readsErrno(number: CInt, kind: String) {
        errno = number

        #expect(TransferError.last("call").kind == kind)
    }
}
