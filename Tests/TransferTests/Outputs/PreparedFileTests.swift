import SystemCalls
import TestSupport
import Testing

@testable import Transfer

@Suite("A prepared file")
struct PreparedFileTests {
    private let folder: TemporaryFolder
    private let output: OutputFolder

    init() throws {
        folder = try TemporaryFolder()
        output = try OutputFolder(folder.path())
    }

    @Test("has no name but a hidden one until it is published")
    func isHidden() throws {
        let file = try output.prepare([1, 2].span, at: "a/b")

        #expect(try !output.exists("a/b"))
        #expect(try Array(FolderWalk(folder.path(), includesHidden: true)) == [])
        #expect(try folder.names().count == 2)

        try file.publish(replacing: false)
        #expect(try folder.names() == ["a", "a/b"])
        #expect(try folder.bytes(of: "a/b") == [1, 2])
    }

    @Test("leaves nothing behind if it is not published")
    func leavesNothing() throws {
        let file = try output.prepare([1, 2].span, at: "a")
        #expect(try folder.names().count == 1)

        _ = consume file

        #expect(try folder.names() == [])
    }

    @Test("leaves nothing behind if its name is taken meanwhile")
    func losesName() throws {
        let file = try output.prepare([1].span, at: "a")
        try output.store([2].span, at: "a", replacing: false)

        do throws(TransferError) {
            try file.publish(replacing: false)
            Issue.record("the name was taken")
        } catch {
            #expect(error == .exists)
        }

        #expect(try folder.names() == ["a"])
        #expect(try folder.bytes(of: "a") == [2])
    }

    @Test("can be synced together with others, names too")
    func isSynced() throws {
        let first = try output.prepare([1].span, at: "x/a", syncing: true)
        let second = try output.prepare([2].span, at: "x/b")

        try output.syncAll()
        try first.publish(replacing: false)
        try second.publish(replacing: false)
        try output.syncNames(in: "x")

        #expect(try folder.names() == ["x", "x/a", "x/b"])
    }
}
