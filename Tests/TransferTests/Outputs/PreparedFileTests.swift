import SystemCalls
import TestSupport
import Testing

@testable import Transfer

@Suite("A prepared file")
struct PreparedFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("has no name but a hidden one until it is published", arguments: Form.allCases)
    func isHidden(form: Form) throws {
        let output = try output(form)
        let file = try output.prepare([1, 2].span, at: "a/b", replacing: false)

        #expect(try !output.exists("a/b"))
        #expect(try Array(FolderWalk(folder.path(), includesHidden: true)) == [])
        #expect(try folder.names().count == 1 + form.nameCount)

        try file.publish()
        #expect(try folder.names() == ["a", "a/b"])
        #expect(try folder.bytes(of: "a/b") == [1, 2])
    }

    @Test("leaves nothing behind if it is not published", arguments: Form.allCases)
    func leavesNothing(form: Form) throws {
        let output = try output(form)
        let file = try output.prepare([1, 2].span, at: "a", replacing: false)
        #expect(try folder.names().count == form.nameCount)

        _ = consume file

        #expect(try folder.names() == [])
    }

    @Test("leaves nothing behind if its name is taken meanwhile", arguments: Form.allCases)
    func losesName(form: Form) throws {
        let output = try output(form)
        let file = try output.prepare([1].span, at: "a", replacing: false)
        try output.store([2].span, at: "a", replacing: false)

        do throws(TransferError) {
            try file.publish()
            Issue.record("the name was taken")
        } catch {
            #expect(error == .exists)
        }

        #expect(try folder.names() == ["a"])
        #expect(try folder.bytes(of: "a") == [2])
    }

    @Test("takes the place of another one", arguments: Form.allCases)
    func replaces(form: Form) throws {
        let output = try output(form)
        let file = try output.prepare([1].span, at: "a", replacing: true)
        try output.store([2].span, at: "a", replacing: false)

        try file.publish()

        #expect(try folder.names() == ["a"])
        #expect(try folder.bytes(of: "a") == [1])
    }

    @Test("can be synced together with others, names too", arguments: Form.allCases)
    func isSynced(form: Form) throws {
        let output = try output(form)
        let first = try output.prepare([1].span, at: "x/a", replacing: false, syncing: true)
        let second = try output.prepare([2].span, at: "x/b", replacing: false)

        try output.syncAll()
        try first.publish()
        try second.publish()
        try output.syncNames(in: "x")

        #expect(try folder.names() == ["x", "x/a", "x/b"])
    }

    @Test(
        "holds no descriptor beyond those allowed, and gives them back",
        .enabled(if: FileSystem.hasUnnamedFiles, "the file system gives every file a name"))
    func keepsToAllowance() throws {
        let output = try OutputFolder(folder.path(), unnamedFileCount: 1)
        for name in ["a", "b"] as [BytePath] {
            let unnamed = try output.prepare([1].span, at: name, replacing: false)
            #expect(try folder.names().count { $0.hasSuffix(".tmp") } == 0)
            let temporary = try output.prepare([2].span, at: "c", replacing: false)
            #expect(try folder.names().count { $0.hasSuffix(".tmp") } == 1)

            try unnamed.publish()
            _ = consume temporary
        }

        #expect(try folder.names() == ["a", "b"])
    }

    private func output(_ form: Form) throws -> OutputFolder {
        try OutputFolder(folder.path(), unnamedFileCount: form == .unnamed ? 8 : 0)
    }

    /// What a prepared file is.
    enum Form: CaseIterable {
        case temporary
        case unnamed

        /// The names that it has.
        var nameCount: Int { self == .unnamed && FileSystem.hasUnnamedFiles ? 0 : 1 }
    }
}
