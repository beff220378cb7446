import Foundation
import Glibc
import SystemCalls
import TestSupport
import Testing

extension ToolTests {
    @Suite("compares threads with processes")
    struct CompareTests {
        private let workspace: Workspace

        private let brief = ["--duration", "1s", "--rounds", "2", "-j", "2", "-s", "50%"]

        init() throws {
            workspace = try Workspace()
        }

        @Test("and ends in one sentence, without any output")
        func text() throws {
            try workspace.addImages(8)
            let before = try workspace.folder.names()

            let ending = try Tool.run(["compare", "in"] + brief, in: workspace.folder.url)

            #expect(ending.code == 0, "\(ending.errors)")
            // The fewer, the slower the machine is.
            #expect(
                ending.lines.first?.firstMatch(of: /^[2-8] of 8 images, 2 rounds each/) != nil)
            #expect(
                ending.lines.last?.firstMatch(of: #/^--mode (threads|processes) -j [12]:/#) != nil)
            for word in [
                "read for the first time", "threads are good for", "processes are good for",
                "starts in", "-j 1",
            ] {
                #expect(ending.lines.contains { $0.contains(word) }, "\(word)")
            }
            #expect(try workspace.folder.names() == before)
        }

        @Test("and tells all numbers as JSON and on a page")
        func jsonAndPage() throws {
            try workspace.addImages(8)

            let ending = try Tool.run(
                ["compare", "in", "--json", "--report", "page.html"] + brief,
                in: workspace.folder.url)

            let line = try #require(ending.lines.first)
            let comparison = try JSONDecoder().decode(
                ComparisonLine.self, from: Data(line.utf8)
            ).comparison
            #expect(ending.lines.count == 1)
            #expect((2...8).contains(comparison.images))
            #expect(comparison.found == 8)
            #expect((1...2500).contains(comparison.passes))
            #expect(comparison.contenders.map(\.mode) == ["threads", "processes"])
            #expect(["threads", "processes"].contains(comparison.mode))
            #expect(comparison.verdict.hasPrefix("--mode \(comparison.mode) -j "))
            for contender in comparison.contenders {
                #expect(contender.rounds.count == 2)
                #expect(contender.scaling.map(\.jobs) == [1, 2])
                #expect(contender.imagesPerSecond > 0)
                #expect(contender.cpuSecondsPerImage > 0)
                // No round had more than all cores; the medians may be of different rounds.
                let busy = contender.cpuSecondsPerImage * contender.imagesPerSecond
                #expect(busy < 10 * Double(Machine.allowedProcessorCount))
                #expect(contender.peakMemoryBytes > 1 << 20)
                #expect(contender.startSeconds > 0)
                #expect((0...1).contains(contender.idleShare))
            }
            let page = String(decoding: try workspace.folder.bytes(of: "page.html"), as: UTF8.self)
            #expect(page.contains("What to choose"))
            #expect(page.contains(comparison.verdict.prefix(20)))
            #expect(!page.contains("<script"))
        }

        @Test("until it is interrupted, and says that it was not done")
        func interruption() throws {
            try workspace.addImages(8)
            let tool = Tool(
                ["compare", "in", "--duration", "10m"], in: workspace.folder.url)
            try tool.start()
            // The first worker comes after the first reading of the sample.
            while tool.children.isEmpty, tool.isRunning { sched_yield() }

            tool.send(SIGINT)
            let ending = try tool.end()

            #expect(ending.code == 130)
            #expect(ending.errors == ["pixloom: stopped before the comparison was done"])
            #expect(ending.output.isEmpty)
        }

        @Test(
            "and says in one line why it cannot",
            arguments: [
                (["empty"], 3, "no input matched"),
                (["gone.png"], 2, "cannot read gone.png: there is no such file or folder"),
                (["-"], 2, "standard input can be read only once, so not compared"),
                (["bad", "--rounds", "0"], 2, "--rounds is 0: it must be 1 to 100"),
                (["bad"], 1, "cannot decode bad/a.png: "),
            ] as [([String], Int32, String)])
        func refusals(arguments: [String], code: Int32, message: String) throws {
            try workspace.folder.addFolder("empty")
            try workspace.folder.addFile("bad/a.png", Array(Workspace.png().prefix(50)))

            let ending = try Tool.run(["compare"] + arguments, in: workspace.folder.url)

            #expect(ending.code == code)
            #expect(
                ending.errors.first?.hasPrefix("pixloom: \(message)") == true, "\(ending.errors)")
            #expect(ending.output.isEmpty)
        }
    }
}

/// The keys that other programs may rely on.
private struct ComparisonLine: Decodable {
    struct Comparison: Decodable {
        var images: Int
        var found: Int
        var passes: Int
        var jobs: Int
        var firstIdleShare: Double
        var contenders: [Contender]
        var mode: String
        var bestJobs: Int
        var tie: Bool
        var verdict: String
    }

    struct Contender: Decodable {
        var mode: String
        var imagesPerSecond: Double
        var spread: Double
        var cpuSecondsPerImage: Double
        var peakMemoryBytes: Int
        var idleShare: Double
        var startSeconds: Double
        var rounds: [Double]
        var scaling: [Scaling]
    }

    struct Scaling: Decodable {
        var jobs: Int
        var imagesPerSecond: Double
    }

    var comparison: Comparison
}
