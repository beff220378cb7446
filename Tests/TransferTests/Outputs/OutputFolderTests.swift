import Foundation
import Glibc
import Profiling
import SystemCalls
import TestSupport
import Testing

@testable import Transfer

@Suite("The output folder")
struct OutputFolderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("is made with the folders around it", arguments: ["a", "a/b/c", "a/b/c/", "./a//b"])
    func isMade(name: String) throws {
        let made = try OutputFolder(folder.path(name))
        let found = try OutputFolder(folder.path(name))

        #expect(made.isNew)
        #expect(!found.isNew)
        #expect(try FileStatus(of: folder.path(name)).kind == .folder)
    }

    @Test("may be a symbolic link, since its user named it")
    func followsOwnLink() throws {
        try folder.addFolder("real")
        let link = try folder.addLink("link", to: "real")

        try OutputFolder(link).store([1].span, at: "a", replacing: false)

        #expect(try folder.bytes(of: "real/a") == [1])
    }

    @Test("is no file, and lies in none")
    func refusesFile() throws {
        let file = try folder.addFile("a")

        #expect(throws: TransferError.notAFolder(file)) { try OutputFolder(file) }
        #expect(throws: TransferError.notAFolder(file.appending("b"))) {
            try OutputFolder(file.appending("b"))
        }
    }

    @Test("must be writable, which root finds out only by trying")
    func refusesReadOnly() {
        #expect {
            try OutputFolder("/proc/sys")
        } throws: { error in
            (error as? TransferError)?.kind == "permission-denied"
                || (error as? TransferError)?.kind == "not-found"
        }
    }

    @Test(
        "is tried out with a file that has no name, which a kill would leave",
        .enabled(if: FileSystem.hasUnnamedFiles, "the file system gives every file a name"))
    func isTriedWithoutName() throws {
        // The time at which its names last changed: that of a name that comes and goes too.
        let past = Date(timeIntervalSince1970: 1)
        let path = folder.url.path
        try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: path)

        _ = try OutputFolder(folder.path())

        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.modificationDate] as? Date == past)
    }

    @Test(
        "holds what is stored, byte for byte, and no temporary file",
        arguments: [0, 1, 100_003], unnamedFileCounts)
    func stores(byteCount: Int, unnamedFileCount: Int) throws {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let output = try OutputFolder(folder.path(), unnamedFileCount: unnamedFileCount)

        try output.store(bytes.span, at: "a", replacing: false)

        #expect(try folder.bytes(of: "a") == bytes)
        #expect(try folder.names() == ["a"])
    }

    @Test("gets the subfolders that names need")
    func makesSubfolders() throws {
        let output = try OutputFolder(folder.path())

        try output.store([1].span, at: "a/b/c", replacing: false)
        try output.store([2].span, at: "a/b/d", replacing: false)

        #expect(try folder.names() == ["a", "a/b", "a/b/c", "a/b/d"])
    }

    @Test("finds a subfolder again that was removed meanwhile", arguments: unnamedFileCounts)
    func makesSubfolderAgain(unnamedFileCount: Int) throws {
        let output = try OutputFolder(folder.path(), unnamedFileCount: unnamedFileCount)
        try output.store([1].span, at: "a/b", replacing: false)
        try FileManager.default.removeItem(at: folder.url.appending(path: "a"))

        try output.store([2].span, at: "a/b", replacing: false)

        #expect(try folder.bytes(of: "a/b") == [2])
    }

    @Test("keeps files in more folders apart than it keeps open")
    func changesFolders() throws {
        let output = try OutputFolder(folder.path())
        for round in 0..<2 {
            for number in 0..<20 {
                try output.store(
                    [UInt8(number)].span, at: #require(BytePath("\(number)/\(round)")),
                    replacing: false)
            }
        }

        for number in 0..<20 {
            #expect(try folder.bytes(of: "\(number)/1") == [UInt8(number)])
        }
    }

    @Test("keeps an existing file unless it is to be replaced", arguments: unnamedFileCounts)
    func keepsExisting(unnamedFileCount: Int) throws {
        let output = try OutputFolder(folder.path(), unnamedFileCount: unnamedFileCount)
        try folder.addFile("a", [1, 2, 3])

        #expect(throws: TransferError.exists) {
            try output.store([4].span, at: "a", replacing: false)
        }
        #expect(try folder.bytes(of: "a") == [1, 2, 3])

        try output.store([4].span, at: "a", replacing: true)
        #expect(try folder.bytes(of: "a") == [4])
        #expect(try folder.names() == ["a"])
    }

    @Test("never replaces a folder by a file", arguments: [true, false], unnamedFileCounts)
    func keepsFolder(replacing: Bool, unnamedFileCount: Int) throws {
        try folder.addFolder("a")
        let output = try OutputFolder(folder.path(), unnamedFileCount: unnamedFileCount)

        #expect(throws: replacing ? TransferError.notAFile(.folder) : .exists) {
            try output.store([1].span, at: "a", replacing: replacing)
        }
        #expect(try folder.names() == ["a"])
    }

    @Test(
        "refuses names that could lead elsewhere, and says why",
        arguments: [
            ("", .empty), ("/etc/passwd", .absolute), ("//a", .absolute),
            ("..", .component("..")), ("../a", .component("..")), ("a/../b", .component("..")),
            ("a/..", .component("..")), (".", .component(".")), ("./a", .component(".")),
            ("a//b", .component("")), ("a/", .component("")),
        ] as [(BytePath, BadName)])
    func refusesNames(name: BytePath, reason: BadName) throws {
        let output = try OutputFolder(folder.addFolder("out"))

        #expect(throws: TransferError.badName(reason)) {
            try output.store([1].span, at: name, replacing: true)
        }
        #expect(throws: TransferError.badName(reason)) { try output.exists(name) }
        #expect(try folder.names() == ["out"])
    }

    @Test("takes names of 255 bytes and none of 256")
    func limitsNames() throws {
        let output = try OutputFolder(folder.path())
        let longest = try #require(BytePath(Array(repeating: UInt8(ascii: "a"), count: 255)))
        let longer = try #require(BytePath(Array(repeating: UInt8(ascii: "a"), count: 256)))

        try output.store([1].span, at: longest, replacing: false)

        #expect(try output.exists(longest))
        #expect(throws: TransferError.badName(.componentTooLong(byteCount: 256, limit: 255))) {
            try output.store([1].span, at: longer, replacing: false)
        }
    }

    @Test(
        "takes names that look odd",
        arguments: [[0x2D], [0xFF, 0xFE], [0x0A], [0x20], Array("%2f..".utf8), Array("...".utf8)])
    func takesOddNames(bytes: [UInt8]) throws {
        let output = try OutputFolder(folder.path())
        let name = try #require(BytePath(bytes))

        try output.store([1].span, at: name, replacing: false)

        #expect(
            try FileSource.read(folder.path().appending(name), maximumByteCount: 9).bytes == [1])
    }

    @Test("never follows a symbolic link planted as a folder")
    func refusesLinkedFolder() throws {
        try folder.addFolder("elsewhere")
        try folder.addFolder("out")
        try folder.addLink("out/a", to: "../elsewhere")
        let output = try OutputFolder(folder.path("out"))

        #expect(throws: TransferError.notAFolder("a")) {
            try output.store([1].span, at: "a/b", replacing: true)
        }
        #expect(throws: TransferError.notAFolder("a")) { try output.exists("a/b") }
        #expect(try folder.names() == ["elsewhere", "out", "out/a"])
    }

    @Test("never follows a symbolic link planted as an output", arguments: unnamedFileCounts)
    func replacesLinkedFile(unnamedFileCount: Int) throws {
        try folder.addFile("victim", [9])
        try folder.addFolder("out")
        try folder.addLink("out/a", to: "../victim")
        let output = try OutputFolder(folder.path("out"), unnamedFileCount: unnamedFileCount)

        #expect(throws: TransferError.exists) {
            try output.store([1].span, at: "a", replacing: false)
        }
        try output.store([1].span, at: "a", replacing: true)

        #expect(try folder.bytes(of: "victim") == [9])
        #expect(try FileStatus(of: folder.path("out/a")).kind == .file)
        #expect(try folder.bytes(of: "out/a") == [1])
    }

    @Test(
        "writes below itself while folders are swapped for symbolic links",
        .timeLimit(.minutes(30)))
    func survivesSwapping() throws {
        try folder.addFolder("elsewhere")
        try folder.addFolder("out/a")
        let output = try OutputFolder(folder.path("out"))
        let out = folder.url.appending(path: "out").path
        let end = Cancellation()
        var swapper = ThreadGroup()
        try swapper.start(named: "swapper") {
            while !end.isSet {
                _ = unsafe rename(out + "/a", out + "/b")
                _ = unsafe symlink("../elsewhere", out + "/a")
                _ = unsafe unlink(out + "/a")
                _ = unsafe rename(out + "/b", out + "/a")
            }
        }
        for number in 0..<100 {
            // Whether it is stored is chance; where is not.
            try? OutputFolder(folder.path("out")).store(
                [1].span, at: #require(BytePath("a/\(number)")), replacing: true)
            try? output.store([1].span, at: #require(BytePath("a/x\(number)")), replacing: true)
        }
        end.set()
        swapper.join()

        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/elsewhere")
                == [])
    }

    @Test("tells what exists, symbolic links that lead nowhere included")
    func tellsWhatExists() throws {
        try folder.addFile("a/b", [1, 2])
        try folder.addLink("link", to: "nowhere")
        let output = try OutputFolder(folder.path())

        #expect(try output.exists("a"))
        #expect(try output.exists("a/b"))
        #expect(try output.status(of: "a/b")?.byteCount == 2)
        #expect(try output.exists("link"))
        #expect(try !output.exists("c"))
        #expect(try !output.exists("c/d"))
        #expect(try folder.names() == ["a", "a/b", "link"])
    }

    @Test(
        "gives one of many threads the name, and the others an error", .timeLimit(.minutes(30)),
        arguments: unnamedFileCounts)
    func isSharedByThreads(unnamedFileCount: Int) async throws {
        let output = try OutputFolder(folder.path(), unnamedFileCount: unnamedFileCount)

        let winners = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask {
                    (try? output.store([UInt8(number)].span, at: "a/b", replacing: false)) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(winners == 1)
        #expect(try folder.names() == ["a", "a/b"])
    }

    @Test(
        "makes files that everyone may read as far as the umask lets them",
        arguments: unnamedFileCounts)
    func appliesUmask(unnamedFileCount: Int) throws {
        // umask(2) tells it only by setting another one, which all threads would have meanwhile.
        let file = try #require(FileHandle(forReadingAtPath: "/proc/self/status"))
        let status = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        let line = status.firstMatch(of: /Umask:\t([0-7]+)/)
        let mask = try #require(line.flatMap { Int($0.1, radix: 8) })

        let output = try OutputFolder(folder.path(), unnamedFileCount: unnamedFileCount)

        try output.store([1].span, at: "a/b", replacing: false)

        let attributes = try FileManager.default.attributesOfItem(
            atPath: folder.url.appending(path: "a/b").path)
        #expect(attributes[.posixPermissions] as? Int == 0o666 & ~mask)
    }

    @Test(
        "that is full reports it, and is left without a temporary file",
        .enabled(if: SmallDisk.isAvailable, "a small tmpfs cannot be mounted here"),
        arguments: unnamedFileCounts)
    func reportsNoSpace(unnamedFileCount: Int) throws {
        let disk = try SmallDisk(byteCount: 256 << 10, at: folder.addFolder("disk"))
        defer { disk.unmount() }
        let output = try OutputFolder(disk.path, unnamedFileCount: unnamedFileCount)
        try output.store([1, 2].span, at: "small", replacing: false)
        let tooMuch = [UInt8](repeating: 1, count: 512 << 10)

        #expect {
            try output.store(tooMuch.span, at: "large", replacing: false)
        } throws: {
            ($0 as? TransferError)?.kind == "no-space"
        }

        #expect(try folder.names() == ["disk", "disk/small"])
        #expect(try folder.bytes(of: "disk/small") == [1, 2])
    }

    @Test(
        "can't be on a read-only disk",
        .enabled(if: SmallDisk.isAvailable, "a small tmpfs cannot be mounted here"))
    func refusesReadOnlyDisk() throws {
        let disk = try SmallDisk(
            byteCount: 256 << 10, at: folder.addFolder("disk"), isReadOnly: true)
        defer { disk.unmount() }

        for path in [disk.path, disk.path.appending("a/b")] {
            #expect {
                try OutputFolder(path)
            } throws: {
                "\($0)".hasSuffix("read-only file system")
                    && ($0 as? TransferError)?.kind == "permission-denied"
            }
        }
    }
}

/// With none all files have a temporary name first, with some only those that replace another one.
private let unnamedFileCounts = [0, 8]

/// A tmpfs(5) of a fixed size, for what happens on full and read-only disks.
private struct SmallDisk {
    let path: BytePath

    /// Whether mounting works: root needs CAP_SYS_ADMIN for it, which few containers have.
    static let isAvailable: Bool = {
        guard getuid() == 0, let folder = try? TemporaryFolder(),
            let disk = try? SmallDisk(byteCount: 1 << 16, at: folder.path())
        else { return false }
        disk.unmount()
        return true
    }()

    init(byteCount: Int, at path: BytePath, isReadOnly: Bool = false) throws {
        self.path = path
        let options = "size=\(byteCount)" + (isReadOnly ? ",ro" : "")
        guard Self.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", "\(path)"]) else {
            throw SystemCallError.failed("mount", errno: EPERM)
        }
    }

    func unmount() {
        _ = Self.run(["umount", "-l", "\(path)"])
    }

    private static func run(_ words: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
