import Foundation
import Glibc
import SystemCalls
import TestSupport
import Testing

@testable import Transfer

@Suite("A walk through a folder")
struct FolderWalkTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("finds every file, depth first, the names in each folder sorted by bytes")
    func sorts() throws {
        for name in ["b", "a/z", "a/B", "a/c/d", "ä", "B", "a-", "10", "9"] {
            try folder.addFile(name)
        }

        let names = try FolderWalk(folder.path()).map { "\($0.path)" }

        #expect(names == ["10", "9", "B", "a/B", "a/c/d", "a/z", "a-", "b", "ä"])
    }

    @Test("finds nothing in an empty folder")
    func findsNothing() throws {
        try folder.addFolder("a/b")

        #expect(try Array(FolderWalk(folder.path())) == [])
    }

    @Test("passes over hidden files and folders unless they are wanted")
    func passesOverHidden() throws {
        try folder.addFile(".a")
        try folder.addFile(".b/c")
        try folder.addFile("d")

        #expect(try names() == ["d"])
        #expect(
            try FolderWalk(folder.path(), includesHidden: true).map { "\($0.path)" }
                == [".a", ".b/c", "d"])
    }

    @Test("passes over our own temporary files")
    func passesOverTemporaries() throws {
        try folder.addFile("\(TemporaryName.makePath())")

        #expect(try Array(FolderWalk(folder.path(), includesHidden: true)) == [])
    }

    @Test("passes over the folders that it is told to, wherever they are")
    func passesOverExcluded() throws {
        try folder.addFile("a/out/b")
        try folder.addFile("a/c")
        let out = try FileStatus(of: folder.path("a/out")).identity

        let walk = try FolderWalk(folder.path(), excluding: [out])

        #expect(walk.map { "\($0.path)" } == ["a/c"])
    }

    @Test("reports symbolic links and does not follow them")
    func reportsLinks() throws {
        try folder.addFile("a/b")
        try folder.addLink("file", to: "a/b")
        try folder.addLink("folder", to: "a")

        #expect(
            try Array(FolderWalk(folder.path())) == [
                FolderEntry(path: "a/b", kind: .file),
                FolderEntry(path: "file", kind: .other(.symbolicLink)),
                FolderEntry(path: "folder", kind: .other(.symbolicLink)),
            ])
    }

    @Test("follows symbolic links if asked, and ends at one that leads back")
    func followsLinks() throws {
        try folder.addFile("a/b")
        try folder.addLink("a/loop", to: "..")
        try folder.addLink("file", to: "a/b")
        try folder.addLink("nowhere", to: "missing")

        #expect(
            try Array(FolderWalk(folder.path(), followsLinks: true)) == [
                FolderEntry(path: "a/b", kind: .file),
                FolderEntry(path: "a/loop", kind: .unreadableFolder(.linkLoop)),
                FolderEntry(path: "file", kind: .file),
                FolderEntry(path: "nowhere", kind: .file),
            ])
    }

    @Test("begins in a folder that is a symbolic link itself")
    func beginsAtLink() throws {
        try folder.addFile("a/b")
        let link = try folder.addLink("link", to: "a")

        #expect(try FolderWalk(link).map { "\($0.path)" } == ["b"])
    }

    @Test("reports what is neither file nor folder")
    func reportsFifo() throws {
        try #require(unsafe folder.path("fifo").withCString { unsafe mkfifo($0, 0o600) } == 0)

        #expect(
            try Array(FolderWalk(folder.path())) == [
                FolderEntry(path: "fifo", kind: .other(.fifo))
            ])
    }

    @Test("reports a folder that it may not read, and goes on", .enabled(if: getuid() != 0))
    func reportsForbidden() throws {
        let closed = try folder.addFolder("a")
        try folder.addFile("b")
        unsafe closed.withCString { _ = unsafe chmod($0, 0) }
        defer { unsafe closed.withCString { _ = unsafe chmod($0, 0o700) } }

        let entries = try Array(FolderWalk(folder.path()))

        #expect(entries.map { "\($0.path)" } == ["a", "b"])
        guard case .unreadableFolder(.permissionDenied) = entries[0].kind else {
            Issue.record("\(entries[0].kind)")
            return
        }
    }

    @Test("reports a folder that vanished after its name was read, and goes on")
    func reportsVanished() throws {
        try folder.addFile("a")
        try folder.addFile("b/c")
        try folder.addFile("d")
        var walk = try FolderWalk(folder.path())
        _ = walk.next()
        try FileManager.default.removeItem(at: folder.url.appending(path: "b"))

        #expect(walk.next() == FolderEntry(path: "b", kind: .unreadableFolder(.notFound)))
        #expect(walk.next() == FolderEntry(path: "d", kind: .file))
    }

    @Test("keeps the bytes of names that are no text")
    func keepsBytes() throws {
        let name = try #require(BytePath([0x2D, 0xFF, 0x0A]))
        try OutputFolder(folder.path()).store([1].span, at: name, replacing: false)

        #expect(try Array(FolderWalk(folder.path())).map(\.path) == [name])
    }

    @Test("goes 200 folders deep with one descriptor at a time")
    func goesDeep() throws {
        let deep = Array(repeating: "d", count: 200).joined(separator: "/")
        try folder.addFile(deep + "/a")
        var walk = try FolderWalk(folder.path())

        #expect(walk.next()?.path == BytePath(deep + "/a"))
        #expect(walk.next() == nil)
        #expect(try descriptorCount(below: folder.url.path) == 0)
    }

    @Test("begins only in a folder")
    func refusesFile() throws {
        let file = try folder.addFile("a")

        #expect(throws: TransferError.notAFolder(file)) { try FolderWalk(file) }
        #expect(throws: TransferError.notFound) { try FolderWalk(folder.path("b")) }
    }

    private func names() throws -> [String] {
        try FolderWalk(folder.path()).map { "\($0.path)" }
    }
}

/// The number of open descriptors of this process for what lies below a folder.
private func descriptorCount(below path: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { number in
        let target = try? FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/self/fd/\(number)")
        return target?.hasPrefix(path) == true
    }
}
