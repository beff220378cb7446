import Codecs
import Foundation
import Glibc
import Images
import SystemCalls
import TestSupport
import Testing

extension ToolTests {
    @Suite("converts")
    struct ConvertTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
        }

        @Test("a folder to the same bytes in both modes and with every number of lanes")
        func bothModes() throws {
            try workspace.addImages()
            try workspace.folder.addFile("in/x/y.png", Workspace.png(side: 20))
            let filters = ["-s", "50%", "--filter", "box-blur:1"]

            for (output, work) in [
                ("a", ["--mode", "threads", "-j", "1"]), ("b", ["--mode", "threads", "-j", "3"]),
                ("c", ["--mode", "processes", "-j", "1"]),
                ("d", ["--mode", "processes", "-j", "3"]),
            ] {
                let ending = try Tool.run(
                    ["in", "-o", output] + filters + work, in: workspace.folder.url)
                #expect(ending.code == 0, "\(ending.errors)")
            }

            let expected = try workspace.outputs(in: "a")
            #expect(
                expected.keys.sorted()
                    == ["10.png", "11.png", "12.png", "13.png", "14.png", "x/y.png"])
            for output in ["b", "c", "d"] { #expect(try workspace.outputs(in: output) == expected) }
        }

        @Test("valid and broken files to one outcome each, the same in both modes")
        func outcomesOfFixtures() throws {
            let paths = Fixture.paths(in: "valid") + Fixture.paths(in: "malformed")
            for path in paths { try workspace.folder.addFile("in/\(path)", Fixture.bytes(path)) }

            let outcomes = try ["threads", "processes"].map { mode in
                let ending = try workspace.run(
                    "in", "-o", "\(mode)/{index}.{ext}", "-f", "png", "--filter", "invert",
                    "--mode", mode, "--json")
                #expect(ending.code == 1)
                return try ending.lines.dropLast().map { line in
                    try JSONDecoder().decode(FixtureOutcome.self, from: Data(line.utf8))
                }.sorted { $0.source < $1.source }
            }

            #expect(outcomes[0].map(\.source) == paths.map { "in/\($0)" }.sorted())
            #expect(outcomes[0] == outcomes[1])
            let outputs = try workspace.outputs(in: "threads")
            #expect(outputs.count == outcomes[0].count { $0.status == "converted" })
            #expect(try outputs == workspace.outputs(in: "processes"))
        }

        private struct FixtureOutcome: Decodable, Equatable {
            struct Failure: Decodable, Equatable {
                var kind: String
                var message: String
            }

            var source: String
            var status: String
            var error: Failure?
        }

        @Test("one file to the name and the format that are given")
        func namedOutput() throws {
            try workspace.folder.addFile("a.png", Workspace.png())

            let ending = try workspace.run("a.png", "-o", "x/b.png", "--filter", "invert")

            #expect(ending.code == 0)
            #expect(try workspace.outputs(in: "x").keys.sorted() == ["b.png"])
        }

        @Test(
            "to the format that the name of the output stands for", .enabled(if: Self.hasJPEG),
            arguments: [
                ["-o", "a.jpg"], ["-o", "{name}.jpg"], ["-o", ".", "-f", "JPG"],
                ["-o", ".", "-fjpg", "-j1", "-q90", "-s50%"],
            ])
        func formatByExtension(options: [String]) throws {
            try workspace.folder.addFile("a.png", Workspace.png())

            #expect(try Tool.run(["a.png"] + options, in: workspace.folder.url).code == 0)
            #expect(try workspace.folder.bytes(of: "a.jpg").starts(with: [0xFF, 0xD8, 0xFF]))
        }

        @Test(
            "JPEG to scans that refine each other, and again for that", .enabled(if: Self.hasJPEG))
        func progressive() throws {
            try workspace.folder.addFile("in/a.png", Workspace.png())
            let startOfProgressiveFrame: [UInt8] = [0xFF, 0xC2]

            #expect(try workspace.run("in", "-o", "out", "-f", "jpeg").code == 0)
            #expect(try !workspace.folder.bytes(of: "out/a.jpg").contains(startOfProgressiveFrame))
            #expect(try workspace.run("in", "-o", "out", "-f", "jpeg", "--progressive").code == 0)
            #expect(try workspace.folder.bytes(of: "out/a.jpg").contains(startOfProgressiveFrame))
        }

        @Test(
            "to a format that does not know an option as if it were not there",
            arguments: [["--lossless"], ["--chroma", "444"], ["--progressive"], ["-q", "1"]])
        func optionsOfOtherFormats(options: [String]) throws {
            try workspace.folder.addFile("in/a.png", Workspace.png())
            try #require(workspace.run("in", "-o", "plain").code == 0)

            let ending = try Tool.run(["in", "-o", "out"] + options, in: workspace.folder.url)

            #expect(ending.code == 0)
            #expect(try workspace.outputs() == workspace.outputs(in: "plain"))
        }

        @Test("from standard input to standard output, where nothing else goes")
        func standardStreams() throws {
            let image = Workspace.png()
            try workspace.folder.addFile("a.png", image)
            try #require(workspace.run("a.png", "-o", "b.png", "--filter", "invert").code == 0)

            let ending = try workspace.run(
                "-", "-o", "-", "--filter", "invert", "--profile", input: image)

            #expect(ending.code == 0)
            #expect(try ending.output == workspace.folder.bytes(of: "b.png"))
            #expect(try workspace.folder.names() == ["a.png", "b.png"])
        }

        @Test("what a list names", arguments: [("\n", []), ("\r\n", []), ("\0", ["-0"])])
        func lists(separator: String, options: [String]) throws {
            try workspace.addImages(3)
            let list = Array("in/10.png\(separator)in/12.png\(separator)".utf8)
            try workspace.folder.addFile("list", list)

            let fromFile = try Tool.run(
                ["--files-from", "list", "-o", "out"] + options, in: workspace.folder.url)
            let fromInput = try Tool.run(
                ["--files-from", "-", "-o", "out2"] + options, in: workspace.folder.url, input: list
            )

            #expect(fromFile.code == 0)
            #expect(fromInput.code == 0)
            #expect(try workspace.outputs().keys.sorted() == ["10.png", "12.png"])
            #expect(try workspace.outputs(in: "out2") == workspace.outputs())
        }

        @Test("to names that a template makes")
        func templates() throws {
            try workspace.folder.addFile("in/x/a.png", Workspace.png(side: 8))
            try workspace.folder.addFile("in/b.png", Workspace.png(side: 6))

            let ending = try workspace.run(
                "in", "-o", "out/{dir}/{index}-{name}-{width}x{height}.{ext}", "-s", "50%")

            #expect(ending.code == 0)
            #expect(try workspace.outputs().keys.sorted() == ["0-b-3x3.png", "x/1-a-4x4.png"])
        }

        @Test("files whose names are no text, and says so in JSON")
        func namesThatAreNoText() throws {
            try workspace.folder.addFolder("in")
            let path = try #require(BytePath([0x61, 0xFF, 0x2E, 0x70, 0x6E, 0x67]))
            try write(Workspace.png(), to: workspace.folder.path("in").appending(path))

            let ending = try workspace.run("in", "-o", "out", "--json")

            #expect(ending.code == 0)
            let line = try #require(ending.lines.first)
            #expect(line.contains("\"source\":\"in/a%FF.png\""))
            #expect(line.contains("\"sourceBytes\":\"aW4vYf8ucG5n\""))
            #expect(
                unsafe workspace.folder.path("out").appending(path).withCString {
                    unsafe access($0, F_OK) == 0
                })
        }

        @Test("a file that is named by what is no text, to a folder that is so, too")
        func argumentsThatAreNoText() throws {
            try workspace.folder.addFile("in.png", Workspace.png())
            let tool = Tool(
                script: """
                    file=$(printf 'a\\377.png') folder=$(printf 'b\\376')
                    mv in.png "$file" && "$0" "$file" -o "$folder" && test -f "$folder/$file"
                    """, in: workspace.folder.url)
            try tool.start()

            #expect(try tool.end().code == 0)
        }

        @Test("in an empty environment and in any locale")
        func environments() throws {
            try workspace.folder.addFile("ä.png", Workspace.png())

            for environment in [[:], ["LC_ALL": "C"], ["LC_ALL": "de_DE.UTF-8", "LANG": "xx"]] {
                let ending = try workspace.run(
                    "ä.png", "-o", "out", "--overwrite", "always", environment: environment)
                #expect(ending.code == 0, "\(ending.errors)")
            }
            #expect(try workspace.outputs().keys.sorted() == ["ä.png"])
        }

        @Test("and leaves nothing in shared memory")
        func leavesNoSharedMemory() throws {
            try workspace.addImages()
            let tool = Tool(["in", "-o", "out", "--filter", "invert"], in: workspace.folder.url)
            try tool.start()

            #expect(try tool.end().code == 0)

            // Others make and remove objects at the same time.
            let maker = "-\(String(tool.id, radix: 16))-"
            let names = try FileManager.default.contentsOfDirectory(atPath: "/dev/shm")
            #expect(!names.contains { $0.hasPrefix("pixloom-") && $0.contains(maker) })
        }

        private static var hasJPEG: Bool { (try? CodecTable.codec(for: .jpeg)) != nil }

        private func write(_ bytes: [UInt8], to path: BytePath) throws {
            let descriptor = unsafe path.withCString {
                unsafe open($0, O_WRONLY | O_CREAT | O_EXCL, 0o666)
            }
            let file = FileHandle(fileDescriptor: try #require(descriptor >= 0 ? descriptor : nil))
            try file.write(contentsOf: Data(bytes))
            try file.close()
        }
    }
}
