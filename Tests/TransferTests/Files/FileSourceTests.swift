import Foundation
import Glibc
import Profiling
import SystemCalls
import TestSupport
import Testing

@testable import Transfer

@Suite("A file as a source")
struct FileSourceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("is read whole", arguments: [0, 1, 4096, 100_003])
    func readsWhole(byteCount: Int) throws {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let path = try folder.addFile("a", bytes)

        let file = try FileSource.read(path, maximumByteCount: 1 << 20)

        #expect(file.bytes == bytes)
        #expect(file.status.byteCount == byteCount)
        #expect(file.status.kind == .file)
    }

    @Test("may have as many bytes as allowed, and not one more")
    func limitsSize() throws {
        let path = try folder.addFile("a", [1, 2, 3])

        #expect(try FileSource.read(path, maximumByteCount: 3).bytes == [1, 2, 3])
        #expect(throws: TransferError.tooLarge(limit: 2, actual: 3)) {
            try FileSource.read(path, maximumByteCount: 2)
        }
    }

    @Test("must exist")
    func reportsMissing() {
        #expect(throws: TransferError.notFound) {
            try FileSource.read(folder.path("missing"), maximumByteCount: 9)
        }
    }

    @Test("is no folder")
    func refusesFolder() {
        #expect(throws: TransferError.notAFile(.folder)) {
            try FileSource.read(folder.path(), maximumByteCount: 9)
        }
    }

    @Test("is no fifo, which would wait for a writer", .timeLimit(.minutes(30)))
    func refusesFifo() throws {
        let path = folder.path("fifo")
        try #require(unsafe path.withCString { unsafe mkfifo($0, 0o600) } == 0)

        #expect(throws: TransferError.notAFile(.fifo)) {
            try FileSource.read(path, maximumByteCount: 9)
        }
        #expect(throws: TransferError.notAFile(.fifo)) { try FileSource.firstBytes(of: path) }
    }

    @Test("is no socket")
    func refusesSocket() throws {
        let path = folder.path("socket")
        try #require(unsafe path.withCString { unsafe mknod($0, S_IFSOCK | 0o600, 0) } == 0)

        #expect(throws: TransferError.notAFile(.socket)) {
            try FileSource.read(path, maximumByteCount: 9)
        }
    }

    @Test("is no device, which may have no end")
    func refusesDevice() {
        #expect(throws: TransferError.notAFile(.device)) {
            try FileSource.read("/dev/zero", maximumByteCount: 9)
        }
    }

    @Test("is reached through symbolic links, since its user named it")
    func followsLinks() throws {
        try folder.addFile("a", [1])
        let link = try folder.addLink("link", to: "a")

        #expect(try FileSource.read(link, maximumByteCount: 9).bytes == [1])
    }

    @Test("that has other bytes than its size says counts as changed")
    func reportsChange() {
        // Files in /proc say that they have no bytes and then have some.
        #expect(throws: TransferError.changed) {
            try FileSource.read("/proc/self/stat", maximumByteCount: 1 << 20)
        }
    }

    @Test("that is cut and written again and again is read whole or refused")
    func survivesTruncation() throws {
        let path = try folder.addFile("a", Array(repeating: 1, count: 1 << 20))
        let end = Cancellation()
        var writer = ThreadGroup()
        try writer.start(named: "writer") {
            while !end.isSet {
                unsafe path.withCString {
                    let descriptor = unsafe open($0, O_WRONLY)
                    ftruncate(descriptor, 0)
                    ftruncate(descriptor, 1 << 20)
                    close(descriptor)
                }
            }
        }
        defer {
            end.set()
            writer.join()
        }

        for _ in 0..<200 {
            do throws(TransferError) {
                let file = try FileSource.read(path, maximumByteCount: 1 << 20)
                #expect(file.bytes.count == file.status.byteCount)
            } catch {
                #expect(error == .changed)
            }
        }
    }

    @Test("gives its first bytes, or fewer if it has no more", arguments: [0, 5, 16, 17])
    func givesFirstBytes(byteCount: Int) throws {
        let bytes = (0..<byteCount).map { UInt8($0) }
        let path = try folder.addFile("a", bytes)

        #expect(try FileSource.firstBytes(of: path, count: 16) == Array(bytes.prefix(16)))
    }
}
