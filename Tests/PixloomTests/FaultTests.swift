import Foundation
import Glibc
import TestSupport
import Testing

extension ToolTests {
    @Suite("survives")
    struct FaultTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
        }

        @Test(
            "an interruption: finishes what it has in hand and leaves nothing behind",
            arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
        func interruption(signal: Int32, code: Int32) throws {
            try workspace.addImages(6)
            let tool = Tool(
                [
                    "--files-from", "-", "-o", "out", "--json", "-j", "1", "--durability", "none",
                    "--filter", "median:6",
                ], in: workspace.folder.url)
            // The list goes on, so the run cannot be over before the signal.
            try tool.start(beginningOfInput: Self.list(of: 10..<16))
            let first = try tool.firstLine()
            let children = tool.children

            tool.send(signal)
            let ending = try tool.end()

            #expect(first.contains("\"status\":\"converted\""))
            #expect(ending.code == code)
            #expect(ending.lines.last?.hasPrefix("{\"summary\":") == true)
            #expect(ending.errors.last?.hasPrefix("stopped by SIG") == true)
            #expect(children.count == 1)
            #expect(children.allSatisfy { kill($0, 0) != 0 })
            let outputs = try workspace.outputs()
            #expect((1...6).contains(outputs.count))
            #expect(outputs.keys.allSatisfy { !$0.hasPrefix(".") })
            #expect(outputs.values.allSatisfy { $0.suffix(8).starts(with: Array("IEND".utf8)) })
        }

        @Test("a signal that it was started to ignore, as with nohup")
        func ignoredSignal() throws {
            try workspace.addImages(4)
            let tool = Tool(
                script: "trap '' HUP; exec \"$0\" \"$@\"",
                ["--files-from", "-", "-o", "out", "--json", "--durability", "none"],
                in: workspace.folder.url)
            try tool.start(beginningOfInput: Self.list(of: 10..<12))
            _ = try tool.firstLine()

            tool.send(SIGHUP)
            try tool.endInput(Self.list(of: 12..<14))
            let ending = try tool.end()

            #expect(ending.code == 0, "\(ending.errors)")
            #expect(try workspace.outputs().count == 4)
        }

        @Test("a limit to the size of files, which is an error of each output")
        func fileSizeLimit() throws {
            try workspace.addImages(1)
            let tool = Tool(
                script: "ulimit -f 0; exec \"$0\" \"$@\"",
                ["in", "-o", "out", "--no-ledger", "--mode", "threads"],
                in: workspace.folder.url)
            try tool.start()

            let ending = try tool.end()

            #expect(ending.code == 1)
            #expect(
                ending.errors.first { $0.hasPrefix("pixloom:") }
                    == "pixloom: cannot store in/10.png: write: file too large")
            #expect(try workspace.outputs().isEmpty)
        }

        @Test("the death of its workers at the cost of nothing")
        func killedWorkers() throws {
            try workspace.addImages(60)
            let filter = ["--filter", "median:6", "-j", "2"]
            let calm = try Tool.run(["in", "-o", "calm"] + filter, in: workspace.folder.url)
            try #require(calm.code == 0)
            let tool = Tool(
                ["--files-from", "-", "-o", "out", "--json", "--durability", "none"] + filter,
                in: workspace.folder.url)
            try tool.start(beginningOfInput: Self.list(of: 10..<40))
            _ = try tool.firstLine()

            let killed = tool.children
            for child in killed { kill(child, SIGKILL) }
            try tool.endInput(Self.list(of: 40..<70))
            let ending = try tool.end()

            #expect(!killed.isEmpty)
            #expect(ending.code == 0, "\(ending.errors)")
            #expect(try workspace.outputs() == workspace.outputs(in: "calm"))
        }

        @Test("an image that crashes its worker while small ones are filtered with it")
        func crashAmongSmallImages() throws {
            try workspace.addImages(60)

            let ending = try workspace.run(
                "in", "-o", "out", "--json", "--filter", "invert", "--retries", "1", "-j", "1",
                environment: try workspace.withLyingWorker("crash-on-40x40"))

            #expect(ending.code == 1)
            #expect(
                ending.errors.first { $0.hasPrefix("pixloom:") }
                    == "pixloom: cannot filter in/40.png: its worker was killed by signal 11 "
                    + "(SIGSEGV), 2 attempts")
            let expected = (10..<70).filter { $0 != 40 }.map { "\($0).png" }
            #expect(try workspace.outputs().keys.sorted() == expected)
        }

        @Test("an image that takes too long, and converts the others")
        func slowImage() throws {
            try workspace.folder.addFile("in/slow.png", Workspace.png(side: 40))
            try workspace.folder.addFile("in/small.png", Workspace.png(side: 2))

            let ending = try workspace.run(
                "in", "-o", "out", "--json", "--filter", "invert", "--timeout", "2s",
                "--retries", "0", "-j", "1",
                environment: try workspace.withLyingWorker("spin-on-40x40"))

            #expect(ending.code == 1)
            let slow = ending.lines.first { $0.contains("slow.png") }
            #expect(slow?.contains("\"kind\":\"timed-out\"") == true)
            #expect(
                ending.errors.first { $0.hasPrefix("pixloom:") }
                    == "pixloom: cannot filter in/slow.png: it took longer than 2.00 s; raise --timeout"
            )
            #expect(try workspace.outputs().keys.sorted() == ["small.png"])
        }

        /// The lines of a list that names images by their sides.
        private static func list(of sides: Range<Int>) -> [UInt8] {
            sides.flatMap { Array("in/\($0).png\n".utf8) }
        }
    }
}
