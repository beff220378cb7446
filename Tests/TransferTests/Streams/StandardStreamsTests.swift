import Glibc
import Profiling
import SystemCalls
import Testing

@testable import Transfer

// Each test runs in a process of its own, whose standard input and output it replaces.
@Suite("Standard input and output")
struct StandardStreamsTests {
    @Test("are read to the end and written whole", .timeLimit(.minutes(30)))
    func passThrough() async {
        await #expect(processExitsWith: .success) {
            let pipe = try Pipe()
            pipe.becomeStandardOutput()
            pipe.becomeStandardInput()
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }

            // On another thread: a pipe may hold 4 KiB only.
            var writer = ThreadGroup()
            try writer.start(named: "writer") {
                do { try StandardStreams.writeOutput(bytes.span) } catch { exit(EXIT_FAILURE) }
                close(STDOUT_FILENO)
            }
            let read = try StandardStreams.readInput(maximumByteCount: 200_000)
            writer.join()

            guard read == bytes else { exit(EXIT_FAILURE) }
        }
    }

    @Test("have a largest size", .timeLimit(.minutes(30)))
    func limitsSize() async {
        await #expect(processExitsWith: .success) {
            let pipe = try Pipe()
            pipe.becomeStandardOutput()
            pipe.becomeStandardInput()
            try StandardStreams.writeOutput([1, 2, 3].span)
            close(STDOUT_FILENO)

            do throws(TransferError) {
                _ = try StandardStreams.readInput(maximumByteCount: 2)
                exit(EXIT_FAILURE)
            } catch {
                guard error == .tooLarge(limit: 2, actual: nil) else { exit(EXIT_FAILURE) }
            }
        }
    }

    @Test("that nobody reads report it", .timeLimit(.minutes(30)))
    func reportsBrokenPipe() async {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_IGN)
            let pipe = try Pipe()
            pipe.becomeStandardOutput()
            close(pipe.reader)

            do throws(TransferError) {
                try StandardStreams.writeOutput([1].span)
                exit(EXIT_FAILURE)
            } catch {
                guard error == .brokenPipe else { exit(EXIT_FAILURE) }
            }
        }
    }

    // A closed descriptor would do as well, but another thread may open a file that takes its number.
    @Test("that cannot be read report it", .timeLimit(.minutes(30)))
    func reportsUnreadable() async {
        await #expect(processExitsWith: .success) {
            dup2(try Pipe().writer, STDIN_FILENO)

            do throws(TransferError) {
                _ = try StandardStreams.readInput(maximumByteCount: 2)
                exit(EXIT_FAILURE)
            } catch {
                guard error.kind == "io" else { exit(EXIT_FAILURE) }
            }
        }
    }

    @Test("that stay silent are given up with the run", .timeLimit(.minutes(30)))
    func isCancelled() async {
        await #expect(processExitsWith: .success) {
            let pipe = try Pipe()
            pipe.becomeStandardInput()
            let cancellation = Cancellation()
            cancellation.set()

            do throws(TransferError) {
                _ = try StandardStreams.readInput(maximumByteCount: 2, cancellation: cancellation)
                exit(EXIT_FAILURE)
            } catch {
                guard error == .cancelled else { exit(EXIT_FAILURE) }
            }
        }
    }
}

private struct Pipe {
    let reader: CInt
    let writer: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        (reader, writer) = (ends[0], ends[1])
    }

    func becomeStandardInput() {
        dup2(reader, STDIN_FILENO)
    }

    /// Standard output is then the only writing end, so that closing it ends the input.
    func becomeStandardOutput() {
        dup2(writer, STDOUT_FILENO)
        close(writer)
    }
}
