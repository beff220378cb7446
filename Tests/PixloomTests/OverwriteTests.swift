import Foundation
import TestSupport
import Testing

extension ToolTests {
    @Suite("and outputs that exist")
    struct OverwriteTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
            try workspace.folder.addFile("in/a.png", Workspace.png())
        }

        @Test("never touches a file that it did not make", arguments: ["never", "stale"])
        func keepsForeignFiles(policy: String) throws {
            try workspace.folder.addFile("out/a.png", [1, 2, 3])

            let ending = try workspace.run("in", "-o", "out", "--json", "--overwrite", policy)

            #expect(ending.code == 1)
            #expect(ending.lines.first?.contains("\"kind\":\"exists\"") == true)
            #expect(try workspace.folder.bytes(of: "out/a.png") == [1, 2, 3])
        }

        @Test("replaces whatever is there with --overwrite always")
        func replaces() throws {
            try workspace.folder.addFile("out/a.png", [1, 2, 3])

            #expect(try workspace.run("in", "-o", "out", "--overwrite", "always").code == 0)
            #expect(try workspace.outputs()["a.png"]?.starts(with: [0x89, 0x50]) == true)
        }

        @Test("finds its own up to date when the command is given again")
        func isIdempotent() throws {
            try #require(workspace.run("in", "-o", "out", "-s", "50%").code == 0)

            let again = try workspace.run("in", "-o", "out", "-s", "50%")

            #expect(again.code == 0)
            #expect(again.errors.last?.hasPrefix("1 up to date in ") == true)
        }

        @Test("makes its own again for another recipe")
        func makesAgain() throws {
            try #require(workspace.run("in", "-o", "out", "-s", "50%").code == 0)
            let before = try workspace.outputs()

            let ending = try workspace.run("in", "-o", "out", "-s", "25%")

            #expect(ending.code == 0)
            #expect(ending.errors.last?.hasPrefix("1 converted in ") == true)
            #expect(try workspace.outputs() != before)
        }

        @Test("gives new files the mode that the umask leaves")
        func modes() throws {
            try #require(workspace.run("in", "-o", "out").code == 0)

            let path = workspace.folder.url.appending(path: "out/a.png").path
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            // Tests run with a usual umask: at least the owner's bits and no execution.
            let mode = try #require(attributes[.posixPermissions] as? Int)
            #expect(mode & 0o711 == 0o600)
        }
    }
}
