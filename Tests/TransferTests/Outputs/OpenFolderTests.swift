import SystemCalls
import TestSupport
import Testing

@testable import Transfer

@Suite(
    "An open folder",
    .enabled(if: FileSystem.hasUnnamedFiles, "the file system gives every file a name"))
struct OpenFolderTests {
    private let folder: TemporaryFolder
    private let open: OpenFolder

    init() throws {
        folder = try TemporaryFolder()
        open = try OpenFolder(path: folder.path())
    }

    @Test("gives a file without a name one, and only one that is free")
    func namesFile() throws {
        let file = try open.makeUnnamedFile()
        #expect(try folder.names() == [])

        try name(file, "a", in: open)
        #expect(throws: TransferError.exists) { try name(open.makeUnnamedFile(), "a", in: open) }

        #expect(try folder.names() == ["a"])
    }

    @Test("gives a file a name by way of proc(5) too, as kernels before 6.10 need it")
    func namesFileByProcess() throws {
        // Before it has made such a file itself it does not know of another call.
        let untried = try OpenFolder(path: folder.path())

        try name(open.makeUnnamedFile(), "a", in: untried)
        #expect(throws: TransferError.exists) { try name(open.makeUnnamedFile(), "a", in: untried) }

        #expect(try folder.names() == ["a"])
    }

    private func name(
        _ file: consuming OwnedDescriptor?, _ name: BytePath, in folder: OpenFolder
    ) throws {
        guard let file else {
            Issue.record("there is no file")
            return
        }
        try folder.name(file, name)
    }
}
