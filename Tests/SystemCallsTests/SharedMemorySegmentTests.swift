import Foundation
import Glibc
import Testing
import TestSupport

@testable import SystemCalls

@Suite("A shared-memory segment", .serialized)
struct SharedMemorySegmentTests {
    @Test("starts as zeros, wherever its memory comes from", arguments: [1, 4096, 4097])
    func startsZeroed(byteCount: Int) throws {
        for kind in [SharedMemoryKind.posix, .anonymous] {
            var segment = try SharedMemorySegment(reserving: 1 << 20, as: kind)
            try segment.commit(byteCount: byteCount)

            let bytes = segment.withMutableBytes(0..<byteCount) { $0.bytes.toArray() }

            #expect(bytes == Array(repeating: 0, count: byteCount))
        }
    }

    @Test("keeps what was written when it grows")
    func keepsBytes() throws {
        var segment = try SharedMemorySegment(reserving: 1 << 20, as: .posix)
        try segment.commit(byteCount: 4)
        segment.withMutableBytes(0..<4) { $0.storeBytes(of: 0x2A, toByteOffset: 3, as: UInt8.self) }

        try segment.commit(byteCount: 1 << 20)

        let bytes = segment.withMutableBytes(0..<4) { $0.bytes.toArray() }
        #expect(bytes == [0, 0, 0, 0x2A])
        let committed = segment.committedByteCount
        #expect(committed == 1 << 20)
    }

    @Test("frees what is given back, and is zero there when it grows again")
    func givesBack() throws {
        var segment = try SharedMemorySegment(reserving: 1 << 20, as: .posix)
        try segment.commit(byteCount: 1 << 20)
        segment.withMutableBytes(0..<1 << 20) {
            $0.storeBytes(of: 7, toByteOffset: 1 << 19, as: UInt8.self)
        }

        segment.giveBack(beyond: 4096)
        let allocated = try allocatedByteCount(of: segment.fileDescriptor)
        #expect(allocated == Int(getpagesize()))
        try segment.commit(byteCount: 1 << 20)

        let bytes = segment.withMutableBytes(0..<1 << 20) { $0.bytes.toArray() }
        #expect(bytes[1 << 19] == 0)
    }

    @Test("reports memory that cannot be had as an error instead of a later SIGBUS")
    func reportsExhaustion() throws {
        var segment = try SharedMemorySegment(reserving: 1 << 46, as: .posix)

        var error: SystemCallError?
        do { try segment.commit(byteCount: 1 << 46) } catch let failure { error = failure }

        #expect(error == .failed("posix_fallocate", errno: ENOSPC))
    }

    @Test("shows what its child's end wrote, whose descriptor is closed")
    func sharesWrites() throws {
        var segment = try SharedMemorySegment(reserving: 4096, as: .posix)
        try segment.commit(byteCount: 4096)
        let object = try objectBehind(segment.fileDescriptor)

        var child = try InheritedSegment(
            adopting: OwnedDescriptor(adopting: dup(segment.fileDescriptor)),
            reservedByteCount: 4096)
        child.withMutableBytes(0..<4) { $0.storeBytes(of: 0x2A, toByteOffset: 0, as: UInt8.self) }

        let first = segment.withMutableBytes(0..<1) { $0.bytes.toArray() }
        #expect(first == [0x2A])
        #expect(try descriptorCount(of: object) == 1)
    }

    @Test("refuses a descriptor with fewer bytes behind it than announced")
    func refusesShortSegment() throws {
        let segment = try SharedMemorySegment(reserving: 4096, as: .posix)
        let inherited = dup(segment.fileDescriptor)

        #expect(throws: SystemCallError.segmentTooSmall(announced: 4097, actual: 4096)) {
            _ = try InheritedSegment(
                adopting: OwnedDescriptor(adopting: inherited), reservedByteCount: 4097)
        }
    }

    @Test("has no name left in /dev/shm and goes without a trace")
    func leavesNothing() throws {
        let segment = try SharedMemorySegment(reserving: 4096, as: .posix)
        let object = try objectBehind(segment.fileDescriptor)
        #expect(object.hasPrefix("/dev/shm/pixloom-"))
        #expect(object.hasSuffix(" (deleted)"))

        _ = consume segment

        #expect(try descriptorCount(of: object) == 0)
        #expect(try mappingCount(of: object) == 0)
    }

    @Test("loses the name that a killed maker left, and nobody else's")
    func sweepsStaleNames() throws {
        let maker = ProcessIdentity(
            machine: ProcessIdentity.current.machine, number: try endedProcess(), startTime: 1)
        // Others may run these tests at the same time.
        let names = [
            "pixloom-\(maker.text)-1f", "pixloom-\(ProcessIdentity.current.text)-1f",
            "pixloom-1-2-3-\(String(getpid(), radix: 16))", "pixloom-tests-\(getpid())",
        ]
        for name in names {
            #expect(FileManager.default.createFile(atPath: "/dev/shm/\(name)", contents: nil))
        }
        defer { for name in names { unsafe unlink("/dev/shm/\(name)") } }

        SharedMemoryKind.removeStaleNames()

        let left = names.filter { FileManager.default.fileExists(atPath: "/dev/shm/\($0)") }
        #expect(left == Array(names.dropFirst()))
    }

    @Test("says in its errors what failed, and both numbers")
    func describesErrors() {
        #expect(
            "\(SystemCallError.segmentTooSmall(announced: 9, actual: 8))"
                == "9 bytes of shared memory were announced, the segment has 8")
        #expect(
            "\(SystemCallError.failed("mmap", errno: ENOMEM))" == "mmap: cannot allocate memory")
    }
}

// These look for the object itself, whose name is unique, and not for the descriptor's number,
// which the next `open` anywhere in the process takes over.

/// The path of the object behind a descriptor; it ends in " (deleted)" if the name is gone.
private func objectBehind(_ descriptor: CInt) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
}

private func descriptorCount(of object: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        .count { number in CInt(number).flatMap { try? objectBehind($0) } == object }
}

private func mappingCount(of object: String) throws -> Int {
    // Not `String(contentsOfFile:)`: for files in /proc, which report size 0, it stops early.
    let maps = try #require(try FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd())
    return String(decoding: maps, as: UTF8.self)
        .split(separator: "\n")
        .count { $0.hasSuffix(object) }
}

/// The number of a process that has ended.
private func endedProcess() throws -> CInt {
    var child = try ChildProcess(executable: "/bin/true", arguments: ["true"], inheriting: [])
    _ = child.reap()
    return child.id
}

private func allocatedByteCount(of descriptor: CInt) throws -> Int {
    var status = stat()
    try #require(unsafe fstat(descriptor, &status) == 0)
    return Int(status.st_blocks) * 512
}
