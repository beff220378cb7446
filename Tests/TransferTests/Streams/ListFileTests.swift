import Foundation
import Glibc
import Profiling
import SystemCalls
import TestSupport
import Testing

@testable import Transfer

@Suite("A list file")
struct ListFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(
        "has a path a line, whatever ends the lines and the list",
        arguments: [
            ("a\nb\n", ["a", "b"]), ("a\nb", ["a", "b"]), ("a\r\nb\r\n", ["a", "b"]), ("", []),
            ("\n\n\r\na\n\n", ["a"]), (" a b \n", [" a b "]), ("a\rb\n", ["a\rb"]),
        ])
    func readsLines(text: String, lines: [String]) throws {
        let read = try read(Array(text.utf8))

        #expect(read == lines.map { Array($0.utf8) })
    }

    @Test("takes every byte between NULs")
    func readsBetweenNULs() throws {
        let read = try read(Array("a\nb\0\0c\r\0d".utf8), separator: .nul)

        #expect(read == ["a\nb", "c\r", "d"].map { Array($0.utf8) })
    }

    @Test("keeps bytes that are no text")
    func keepsBytes() throws {
        let read = try read([0xFF, 0xFE, 0x0A, 0x61])

        #expect(read == [[0xFF, 0xFE], [0x61]])
    }

    @Test("of more bytes than are read at once keeps its lines whole")
    func readsLongList() throws {
        let lines: [[UInt8]] = (0..<30_000).map { Array("folder/\($0).png".utf8) }

        let read = try read(Array(lines.joined(separator: [0x0A])))

        #expect(read == lines)
    }

    @Test("may have lines of 64 KiB, and not a byte more")
    func limitsLines() throws {
        let longest = [UInt8](repeating: 0x61, count: ListFile.longestLine)
        let read = try read([0x62, 0x0A] + longest + [0x0A, 0x63])
        #expect(read == [[0x62], longest, [0x63]])

        let path = try folder.addFile("list", [0x62, 0x0A] + longest + [0x61, 0x0A, 0x63])
        var list = try ListFile(path)
        _ = try list.next()
        do throws(TransferError) {
            _ = try list.next()
            Issue.record("the line is too long")
        } catch {
            #expect(error == .lineTooLong(number: 2, limit: 65_536))
        }
        let next = try list.next()
        #expect(next == nil)
    }

    @Test("tells the number of the line, empty ones included")
    func countsLines() throws {
        var list = try ListFile(folder.addFile("list", Array("a\n\n\nb\n".utf8)))

        _ = try list.next()
        let first = list.lineNumber
        _ = try list.next()
        let second = list.lineNumber

        #expect(first == 1)
        #expect(second == 4)
    }

    @Test("is no folder")
    func refusesFolder() throws {
        var list = try ListFile(folder.path())

        do throws(TransferError) {
            _ = try list.next()
            Issue.record("a folder has no lines")
        } catch {
            #expect(error == .notAFile(.folder))
        }
    }

    @Test("gives lines as they come through a fifo", .timeLimit(.minutes(30)))
    func readsFifo() throws {
        let fifo = try Fifo(at: folder.path("fifo"))
        var list = try ListFile(fifo.path)

        fifo.write("a\nb\nc")
        let first = try list.next()
        let second = try list.next()
        fifo.write("d\n")
        let third = try list.next()

        #expect(first == Array("a".utf8))
        #expect(second == Array("b".utf8))
        #expect(third == Array("cd".utf8))
    }

    @Test(
        "that nobody writes to, or has opened to write, ends with the run",
        .timeLimit(.minutes(30)), arguments: [true, false])
    func isCancelled(hasWriter: Bool) throws {
        let path = folder.path("fifo")
        try Fifo.make(at: path)
        let writer = hasWriter ? Fifo(opening: path) : nil
        let cancellation = Cancellation()
        var list = try ListFile(path, cancellation: cancellation)
        Thread.detachNewThread { cancellation.set() }

        do throws(TransferError) {
            _ = try list.next()
            Issue.record("there is no line")
        } catch {
            #expect(error == .cancelled)
        }
        withExtendedLifetime(writer) {}
    }

    @Test("waits for the writer of a fifo, and ends with it", .timeLimit(.minutes(30)))
    func awaitsWriter() throws {
        let path = folder.path("fifo")
        try Fifo.make(at: path)
        var list = try ListFile(path)
        Thread.detachNewThread {
            // Opening it waits for a reader, and there is one.
            let writer = FileHandle(forWritingAtPath: path.description)
            try? writer?.write(contentsOf: Data("a\n".utf8))
            try? writer?.close()
        }

        let first = try list.next()
        let second = try list.next()

        #expect(first == Array("a".utf8))
        #expect(second == nil)
    }

    private func read(
        _ bytes: [UInt8], separator: ListFile.Separator = .newline
    ) throws -> [[UInt8]] {
        var list = try ListFile(folder.addFile("list", bytes), separator: separator)
        var lines: [[UInt8]] = []
        while let line = try list.next() { lines.append(line) }
        return lines
    }
}

/// A fifo with a writer, so that opening it for reading does not wait.
private final class Fifo {
    let path: BytePath
    private let descriptor: CInt

    static func make(at path: BytePath) throws {
        let result = unsafe path.withCString { unsafe mkfifo($0, 0o600) }
        try #require(result == 0)
    }

    convenience init(at path: BytePath) throws {
        try Fifo.make(at: path)
        self.init(opening: path)
    }

    init(opening path: BytePath) {
        self.path = path
        // Linux opens a fifo for reading and writing without waiting for another process.
        descriptor = unsafe path.withCString { unsafe open($0, O_RDWR | O_CLOEXEC) }
    }

    deinit {
        close(descriptor)
    }

    func write(_ text: String) {
        unsafe text.withCString { _ = unsafe Glibc.write(descriptor, $0, strlen($0)) }
    }
}
