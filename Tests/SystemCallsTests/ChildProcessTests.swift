import Foundation
import Glibc
import TestSupport
import Testing

@testable import SystemCalls

@Suite("A child process", .timeLimit(.minutes(30)))
struct ChildProcessTests {
    @Test("gives its exit code, more than once")
    func exits() throws {
        var child = try shell("exit 3")

        let statuses = [child.reap(), child.reap()]

        #expect(statuses == [.exited(code: 3), .exited(code: 3)])
    }

    @Test("gives the signal that killed it")
    func isKilled() throws {
        var child = try shell("exec sleep 1000")
        let hadEnded = child.hasEnded(withinMilliseconds: 0)

        child.kill()

        let hasEnded = child.hasEnded(withinMilliseconds: 10_000)
        let status = child.reap()
        #expect(!hadEnded)
        #expect(hasEnded)
        #expect(status == .signaled(number: SIGKILL))
    }

    @Test("is killed and reaped when its owner goes")
    func goesWithItsOwner() throws {
        let child = try shell("exec sleep 1000")
        let id = child.id

        _ = consume child

        let (result, error) = (kill(id, 0), errno)
        #expect(result == -1)
        #expect(error == ESRCH)
    }

    @Test("has an empty environment and only the descriptors that it was given")
    func isClean() throws {
        let pair = try MessageSocket.makePair()
        let leaked = unsafe open("/dev/null", O_RDONLY)
        defer { close(leaked) }
        var child = try ChildProcess(
            executable: "/bin/sh",
            arguments: [
                "sh", "-c", "cd /proc/$$ && wc -c < environ >&2; ls fd >&2; true",
            ],
            inheriting: [pair.child.rawValue])

        let status = child.reap()
        let words = child.lastWords()
        #expect(status == .exited(code: 0))
        // The shell itself may open descriptors from 10 on.
        let numbers = words.split(separator: "\n").compactMap { CInt($0) }
        #expect(numbers.first == 0, "the length of the environment")
        #expect(numbers.dropFirst().filter { $0 < 10 }.sorted() == [0, 1, 2, 3])
    }

    @Test("finds each descriptor under its number, whatever numbers they have here")
    func findsItsDescriptors() throws {
        let folder = try TemporaryFolder()
        let files = try (0..<20).map { number in
            let path = try folder.addFile("\(number)", Array("\(number) ".utf8))
            return unsafe path.withCString { unsafe open($0, O_RDONLY | O_CLOEXEC) }
        }
        defer { for file in files { close(file) } }

        // Here the numbers rise and there they fall, so that some are taken by one another.
        var child = try ChildProcess(
            executable: "/bin/sh",
            arguments: ["sh", "-c", "for n in $(seq 3 22); do cat /dev/fd/$n >&2; done"],
            inheriting: files.reversed())

        let status = child.reap()
        let words = child.lastWords()
        #expect(status == .exited(code: 0))
        #expect(words == (0..<20).reversed().map { "\($0) " }.joined())
    }

    @Test("tells its last words, and only the last of too many")
    func tellsLastWords() throws {
        var child = try shell("for i in 1 2 3; do echo line $i >&2; done")
        _ = child.reap()
        let few = child.lastWords()
        #expect(few == "line 1\nline 2\nline 3\n")

        // The pipe holds 64 KiB; the rest is dropped, and the writer is not stopped by it.
        child = try shell("head -c 200000 /dev/zero >&2 2>&-; exit 0")
        let status = child.reap()
        let many = child.lastWords()
        #expect(status == .exited(code: 0))
        #expect(many.utf8.count == 4096)
    }

    @Test("that cannot be executed is an error")
    func cannotStart() {
        #expect(throws: SystemCallError.failed("posix_spawn", errno: ENOENT)) {
            _ = try ChildProcess(
                executable: "/nowhere/at-all", arguments: ["at-all"], inheriting: [])
        }
    }

    @Test("describes how it ended")
    func describesEnds() {
        #expect("\(ExitStatus.exited(code: 1))" == "exited with code 1")
        #expect(
            "\(ExitStatus.signaled(number: SIGSEGV))" == "was killed by signal 11 (SIGSEGV)")
    }

    private func shell(_ script: String) throws -> ChildProcess {
        try ChildProcess(
            executable: "/bin/sh", arguments: ["sh", "-c", script], inheriting: [])
    }
}
