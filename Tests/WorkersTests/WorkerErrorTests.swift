import Glibc
import SystemCalls
import Testing

@testable import Workers

@Suite("An error of a worker")
struct WorkerErrorTests {
    @Test(
        "is a clause that follows a colon",
        arguments: [
            (
                .workerDied(.signaled(number: SIGSEGV), lastWords: ""),
                "its worker was killed by signal 11 (SIGSEGV)"
            ),
            (
                .workerDied(.exited(code: 1), lastWords: "one\ntwo\n"),
                "its worker exited with code 1; its last words: \"two\""
            ),
            (
                .killedForMemory(limit: 9),
                "its worker was killed by signal 9 (SIGKILL) when the memory of its control group "
                    + "ran out: 9 bytes allowed; lower --jobs or --memory"
            ),
            (.timedOut, "it took longer than --timeout allows"),
            (.protocolViolated("a reply"), "its worker replied nonsense: a reply"),
            (
                .cannotStart(executable: "/a/b", reason: "posix_spawn: no such file"),
                "worker /a/b: posix_spawn: no such file"
            ),
            (
                .memoryLimitExceeded(needed: 9, limit: 8),
                "9 bytes of image memory needed, 8 allowed; raise --memory"
            ),
        ] as [(WorkerError, String)])
    func describesItself(error: WorkerError, text: String) {
        #expect(error.description == text)
    }

    @Test(
        "shows of a child's words the last line, without what steers a terminal",
        arguments: [
            ("", ""), ("\n\n", ""), ("one\ntwo\r\n", "two"), ("a\u{1B}[31mb\u{7F}", "a�[31mb�"),
            ("\u{202E}txt.exe", "�txt.exe"),
            (String(repeating: "x", count: 300), String(repeating: "x", count: 200)),
        ])
    func cleansWords(words: String, line: String) {
        #expect(words.lastLine == line)
    }
}
