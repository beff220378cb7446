import Codecs
import Filters
import Images
import Profiling
import SystemCalls
import Testing
import Transfer
import Workers

@testable import Pipeline

@Suite("The failure of an image")
struct ImageFailureTests {
    @Test(
        "has one word of the documented list for what a codec reports",
        arguments: [
            (CodecError.malformed(.png, "x"), "malformed"),
            (.unsupported(.jpeg, "x"), "unsupported-format"),
            (.unknownFormat, "unsupported-format"),
            (.libraryMissing(.jpeg, library: "x"), "library-missing"),
            (.libraryFailed("x"), "codec-failed"),
            (.interrupted(.deadlinePassed), "timed-out"),
            (.interrupted(.cancelled), "cancelled"),
        ])
    func namesCodecErrors(error: CodecError, kind: String) {
        #expect(ImageFailure(.decode, error).kind == kind)
    }

    @Test(
        "has one word of the documented list for what a worker reports",
        arguments: [
            (WorkerError.filterFailed(.interrupted(.deadlinePassed)), "timed-out"),
            (.filterRefused("x"), "filter-failed"),
            (.workerDied(.signaled(number: 11), lastWords: ""), "worker-crashed"),
            (.timedOut, "timed-out"), (.protocolViolated("x"), "protocol"),
            (.cannotStart(executable: "x", reason: "y"), "cannot-start"),
            (.memoryLimitExceeded(needed: 2, limit: 1), "too-large"),
        ])
    func namesWorkerErrors(error: WorkerError, kind: String) {
        #expect(ImageFailure(error, attempts: 1).kind == kind)
    }

    @Test("says in one line what could not be done to which thing, and why")
    func describesItself() {
        let failure = ImageFailure(.decode, .malformed(.png, "chunk IDAT is truncated"))

        #expect(
            failure.description(of: .found("x/a.png", in: "photos"))
                == "cannot decode photos/x/a.png: chunk IDAT is truncated")
        #expect(
            ImageFailure(.fetch, TransferError.notFound).description(of: .standardInput)
                == "cannot fetch standard input: there is no such file or folder")
    }

    @Test("tells how often it was tried if that was more than once")
    func tellsAttempts() {
        let error = WorkerError.workerDied(.signaled(number: 11), lastWords: "")
        let clause = "its worker was killed by signal 11 (SIGSEGV)"

        #expect(
            ImageFailure(lateIn: .filter, timeout: 5_000_000_000, attempts: 3).message
                == "it took longer than 5.00 s in each of 3 attempts; raise --timeout")
        #expect(ImageFailure(error, attempts: 1).message == clause)
        #expect(ImageFailure(error, attempts: 3).message == "\(clause), 3 attempts")
    }

    @Test("keeps a name that would end the line or steer the terminal in one line")
    func keepsLinesWhole() {
        let failure = ImageFailure(.decode, .unknownFormat)

        #expect(
            failure.description(of: .named("a\n\u{1B}[2Jb.png"))
                == "cannot decode a%0A%1B[2Jb.png: its first bytes are of no known image format")
    }
}
