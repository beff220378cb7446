import Foundation
import TestSupport
import Testing
import Transfer

extension ToolTests {
    @Suite("downloads", .enabled(if: Downloader.libraryVersion != nil, "built without libcurl"))
    struct DownloadTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
        }

        @Test("an image, and names it by the last component of the address")
        func image() throws {
            let image = Workspace.png()
            let server = try HTTPServer { _ in .response(image) }
            try workspace.folder.addFile("x.png", image)

            let ending = try workspace.run(server.url("/b/c%20d.png?e"), "-o", "out")
            try #require(workspace.run("x.png", "-o", "local").code == 0)

            #expect(ending.code == 0, "\(ending.errors)")
            let outputs = try workspace.outputs()
            #expect(outputs.keys.sorted() == ["c d.png"])
            #expect(try outputs["c d.png"] == workspace.outputs(in: "local")["x.png"])
        }

        @Test("what it can of a list, and says what it cannot")
        func list() throws {
            let image = Workspace.png()
            let server = try HTTPServer { request in
                request.path == "/a.png" ? .response(image) : .response(status: "404 Not Found")
            }
            let list = "\(server.url("/a.png"))\n\(server.url("/gone.png"))\n"

            let ending = try workspace.run(
                "--files-from", "-", "-o", "out", "--json", input: Array(list.utf8))

            #expect(ending.code == 1)
            let gone = ending.lines.first { $0.contains("gone.png") }
            #expect(gone?.contains("\"kind\":\"http-status\"") == true)
            #expect(try workspace.outputs().keys.sorted() == ["a.png"])
        }
    }
}
