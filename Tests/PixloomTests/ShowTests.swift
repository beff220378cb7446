import Foundation
import TestSupport
import Testing

extension ToolTests {
    @Suite("shows")
    struct ShowTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
        }

        @Test("each image as one JSON object a line, and a summary as the last")
        func json() throws {
            try workspace.addImages(3)
            try workspace.folder.addFile("in/bad.png", Array(Workspace.png().prefix(50)))
            try workspace.folder.addFile("in/text", [1])

            let ending = try workspace.run("in", "-o", "out", "--json", "-s", "50%")

            #expect(ending.code == 1)
            let decoder = JSONDecoder()
            let images = try ending.lines.dropLast().map {
                try decoder.decode(ImageLine.self, from: Data($0.utf8))
            }
            let summary = try decoder.decode(
                SummaryLine.self, from: Data((ending.lines.last ?? "").utf8)
            ).summary
            #expect(images.count == 5)
            let image = try #require(images.first { $0.source == "in/10.png" })
            #expect(image.destination == "10.png")
            #expect(image.status == "converted")
            #expect(image.width == 5)
            #expect(image.height == 5)
            #expect(image.sourceWidth == 10)
            #expect(image.sourceHeight == 10)
            #expect(image.format == "png")
            #expect(image.sourceFormat == "png")
            #expect(image.attempts == 1)
            #expect(image.bytesIn == Workspace.png(side: 10).count)
            #expect(try image.bytesOut == workspace.folder.bytes(of: "out/10.png").count)
            #expect((image.stages ?? [:]).keys.contains("decode"))
            let failed = try #require(images.first { $0.source == "in/bad.png" })
            #expect(failed.status == "failed")
            #expect(failed.error?.stage == "decode")
            #expect(failed.error?.kind == "malformed")
            #expect(failed.error?.message.isEmpty == false)
            #expect(images.first { $0.source == "in/text" }?.status == "skipped")
            #expect(summary.converted == 3)
            #expect(summary.failed == 1)
            #expect(summary.skipped == 1)
            #expect(summary.mode == "processes")
            #expect(summary.peakMemoryBytes > 0)
        }

        @Test("in a dry run what it would do, and does nothing")
        func dryRun() throws {
            try workspace.folder.addFile("in/x/a.png", Workspace.png())
            try workspace.folder.addFile("page.html", [7])

            let ending = try workspace.run(
                "in", "-o", "out", "-n", "--trace", "trace.json", "--report", "page.html")

            #expect(ending.code == 0)
            #expect(ending.lines == ["in/x/a.png -> x/a.png"])
            #expect(ending.errors.last?.hasPrefix("1 planned in ") == true)
            #expect(!workspace.has("out") && !workspace.has("trace.json"))
            #expect(try workspace.folder.bytes(of: "page.html") == [7])
        }

        @Test("with --profile a row for each stage and a sentence")
        func profile() throws {
            try workspace.addImages(2)

            let ending = try workspace.run("in", "-o", "out", "--profile", "--filter", "invert")

            #expect(ending.errors.contains { $0.contains("p95") })
            for stage in ["fetch", "decode", "filter", "encode", "store"] {
                #expect(ending.errors.contains { $0.hasPrefix("  \(stage) ") }, "\(stage)")
            }
            #expect(ending.errors.last?.hasPrefix("2 converted in ") == true)
        }

        @Test("nothing with --quiet if all is well")
        func quiet() throws {
            try workspace.addImages(1)

            let ending = try workspace.run("in", "-o", "out", "--quiet", "--progress", "never")

            #expect(ending.code == 0)
            #expect(ending.errors.isEmpty)
            #expect(ending.output.isEmpty)
        }

        @Test("nothing to a reader that has gone, and still converts all")
        func closedOutput() throws {
            try workspace.addImages(12)
            let tool = Tool(["in", "-o", "out", "--json"], in: workspace.folder.url)
            try tool.start()

            #expect(try tool.firstLine().hasPrefix("{"))
            try tool.closeOutput()

            #expect(try tool.end(readingOutput: false).code == 0)
            #expect(try workspace.outputs().count == 12)
        }

        @Test(
            "that its results were lost, and still converts all",
            arguments: [["in", "-o", "out", "--json"], ["filters"], ["--help"]])
        func fullOutput(arguments: [String]) throws {
            try workspace.addImages(3)
            let tool = Tool(arguments, in: workspace.folder.url)
            try tool.redirectOutput(to: "/dev/full")
            try tool.start()

            let ending = try tool.end()

            #expect(ending.code == 4)
            #expect(
                ending.errors.first
                    == "pixloom: cannot write to standard output: write: no space left on device")
            #expect(ending.errors.count { $0.hasPrefix("pixloom:") } == 1)
            #expect(try workspace.outputs().count == (arguments.contains("in") ? 3 : 0))
        }

        @Test("the release and the libraries of the build")
        func version() throws {
            let ending = try workspace.run("--version")

            #expect(ending.code == 0)
            #expect(ending.lines.first?.hasPrefix("pixloom ") == true)
            #expect(ending.lines.contains { $0.hasPrefix("libpng ") })
        }

        @Test(
            "its options under headings",
            arguments: [["--help"], ["-h"], ["help"], ["convert", "-h"]])
        func help(arguments: [String]) throws {
            let ending = try Tool.run(arguments, in: workspace.folder.url)

            #expect(ending.code == 0)
            for heading in ["INPUT:", "OUTPUT:", "FILTERS:", "WORK:", "SHOW:"] {
                #expect(ending.lines.contains(heading))
            }
            #expect(ending.lines.contains { $0.contains("pixloom filters") })
        }

        @Test("all filters in lines that fit, and one with each of its parameters")
        func filters() throws {
            let all = try workspace.run("filters")
            let one = try workspace.run("filters", "resize")
            let names = all.lines.compactMap { $0.firstMatch(of: /^[a-z-]+/)?.output }
            let each = try names.flatMap { try workspace.run("filters", String($0)).lines }

            #expect(names.contains("gaussian-blur"))
            #expect((all.lines + each).filter { $0.count > 100 } == [])
            for name in ["size", "fit", "kernel", "upscale"] {
                #expect(one.lines.contains { $0.hasPrefix("  \(name) ") }, "\(name)")
            }
        }
    }
}

/// The keys of an image's line that other programs may rely on.
private struct ImageLine: Decodable {
    struct Failure: Decodable {
        var stage: String
        var kind: String
        var message: String
    }

    var source: String
    var destination: String?
    var status: String
    var width: Int?
    var height: Int?
    var sourceWidth: Int?
    var sourceHeight: Int?
    var sourceFormat: String?
    var format: String?
    var bytesIn: Int
    var bytesOut: Int
    var attempts: Int
    var stages: [String: Int]?
    var error: Failure?
}

/// The last line.
private struct SummaryLine: Decodable {
    struct Summary: Decodable {
        var converted: Int
        var upToDate: Int
        var skipped: Int
        var failed: Int
        var imagesPerSecond: Double
        var bytesIn: Int
        var bytesOut: Int
        var wallSeconds: Double
        var cpuSeconds: Double
        var peakMemoryBytes: Int
        var mode: String
        var jobs: Int
        var version: String
    }

    var summary: Summary
}
