import Foundation
import Profiling
import SystemCalls
import TestSupport
import Testing
import Transfer

extension ToolTests {
    @Suite("makes a page")
    struct ReportTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
            try workspace.addImages(3)
            try workspace.folder.addFile("in/bad.png", Array(Workspace.png().prefix(50)))
        }

        @Test("of a run with --report, which needs nothing from elsewhere")
        func ofRun() throws {
            let ending = try workspace.run("in", "-o", "out", "-s", "50%", "--report", "page.html")
            let page = try page("page.html")

            #expect(ending.code == 1)
            for words in [
                "3 images converted in", "1 failed", "What binds", "Where the time went",
                "Slowest images", "Failed images", "in/bad.png", "in/12.png", "Settings", "Machine",
                "out -s 50%",
            ] {
                #expect(page.contains(words), "\(words)")
            }
            #expect(isSelfContained(page))
        }

        @Test("of an earlier run, from its ledger or from what --json printed")
        func ofEarlierRun() throws {
            let run = try workspace.run("in", "-o", "out", "--json")
            try workspace.folder.addFile("lines", run.output)

            for source in ["out/.pixloom/ledger.ndjson", "lines"] {
                let ending = try workspace.run("report", source, "-o", "page.html")
                let page = try page("page.html")

                #expect(ending.code == 0, "\(ending.errors)")
                #expect(ending.output.isEmpty)
                #expect(page.contains("3 images converted in"), "\(source)")
                #expect(page.contains("in/bad.png"), "\(source)")
                #expect(isSelfContained(page))
            }
        }

        @Test("of one of the runs of a ledger: the last one, or the one that is named")
        func ofOneRun() throws {
            try #require(workspace.run("in", "-o", "out").code == 1)
            try workspace.folder.addFile("in/new.png", Workspace.png())
            try #require(workspace.run("in", "-o", "out").code == 1)
            let ledger = "out/.pixloom/ledger.ndjson"
            let text = String(decoding: try workspace.folder.bytes(of: ledger), as: UTF8.self)
            let first = try #require(text.firstMatch(of: #/"run":"([0-9a-f]{16})"/#)?.1)

            #expect(try workspace.run("report", ledger, "-o", "last.html").code == 0)
            #expect(
                try workspace.run("report", ledger, "-o", "first.html", "--run", "\(first)").code
                    == 0)
            let wrong = try workspace.run("report", ledger, "-o", "no.html", "--run", "x")

            #expect(try page("last.html").contains("1 image converted in"))
            #expect(try page("first.html").contains("3 images converted in"))
            #expect(try page("last.html").contains("Runs of this ledger"))
            #expect(wrong.code == 2)
            #expect(wrong.errors.first?.hasPrefix("pixloom: \(ledger) tells of no run x; ") == true)
        }

        @Test("of lines that come through standard input, and says how many are none")
        func ofStandardInput() throws {
            let line = #"{"source":"a.png","status":"converted","stages":{"decode":5}}"#

            let one = try workspace.run(
                "report", "-", "-o", "one.html", input: Array("\(line)\nno JSON\n\(line)".utf8))
            let two = try workspace.run(
                "report", "-", "-o", "two.html", input: Array("no\n\(line)\n{\"source\"".utf8))

            #expect(one.code == 0)
            #expect(one.errors == ["pixloom: -: 1 line is cut off or no JSON"])
            #expect(try page("one.html").contains("2 images converted in"))
            #expect(two.code == 0)
            #expect(two.errors == ["pixloom: -: 2 lines are cut off or no JSON"])
            #expect(try page("two.html").contains("1 image converted in"))
        }

        @Test("of every line of a ledger that is larger than what is read at once")
        func ofLargeLedger() throws {
            // Lines of 100 bytes and one of 600 kB.
            let lines = (0..<6000).map { number in
                let name = String(repeating: "x", count: number == 3000 ? 600_000 : 40)
                return #"{"source":"\#(name)","status":"converted","stages":{"decode":5}}"#
            }
            let text = lines.joined(separator: "\n") + "\n"
            try workspace.folder.addFile("ledger", Array(text.utf8))

            let ending = try workspace.run("report", "ledger", "-o", "page.html")

            #expect(ending.errors == [])
            #expect(try page("page.html").contains("6,000 images converted in"))
        }

        @Test("to standard output")
        func standardOutput() throws {
            let now = try workspace.run("in", "-o", "out", "--report", "-")
            let later = try workspace.run("report", "out/.pixloom/ledger.ndjson", "-o", "-")

            #expect(later.code == 0)
            for page in [now, later] {
                #expect(page.lines.first == "<!DOCTYPE html>")
                #expect(page.lines.last == "</html>")
            }
            #expect(!workspace.has("-"))
        }

        @Test(
            "unless there is nothing to tell, and says so",
            arguments: [
                ("gone", 2, "cannot read gone: open: no such file or directory"),
                ("in", 2, "cannot read in: read: is a directory"),
                ("empty", 3, "empty tells of no image"),
            ] as [(String, Int32, String)])
        func refusals(ledger: String, code: Int32, message: String) throws {
            try workspace.folder.addFile("empty")

            let ending = try workspace.run("report", ledger, "-o", "page.html")

            #expect(ending.code == code)
            #expect(ending.errors == ["pixloom: \(message)"])
            #expect(!workspace.has("page.html"))
        }

        @Test("before any work only if it can be written")
        func unwritable() throws {
            let ending = try workspace.run("in", "-o", "out", "--report", "no/page.html")

            #expect(ending.code == 4)
            #expect(
                ending.errors == [
                    "pixloom: cannot write no/page.html: open: no such file or directory"
                ])
            #expect(try workspace.outputs().isEmpty)
        }

        private func page(_ name: String) throws -> String {
            String(decoding: try workspace.folder.bytes(of: name), as: UTF8.self)
        }

        private func isSelfContained(_ page: String) -> Bool {
            !["<script", "src=", "href=\"http", "url(", "@import"].contains { page.contains($0) }
        }
    }

    @Suite("examines the machine")
    struct DoctorTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
        }

        @Test("and tells what it offers and what follows")
        func tells() throws {
            let ending = try workspace.run("doctor")

            #expect(ending.code == 0, "\(ending.errors)")
            for name in [
                "system", "processor", "cores", "memory", "/dev/shm", "descriptors", "build",
                "code",
                "codecs", "downloads", "worker", "thread", "defaults",
            ] {
                #expect(ending.lines.contains { $0.hasPrefix("\(name)  ") }, "\(name)")
            }
            let cores = Machine.allowedProcessorCount
            #expect(ending.lines.contains { $0.contains("-j \(cores) ") })
            #expect(ending.lines.contains { $0.contains(" \(cores) allowed by affinity") })
            let downloads = try #require(ending.lines.first { $0.hasPrefix("downloads  ") })
            #expect(downloads.contains(Downloader.libraryVersion ?? "none"))
            #expect(ending.lines.contains { $0.contains("libpng") })
            #expect(ending.lines.contains { $0.contains("pixloom-worker is ready ") })
            let memory = try #require(ending.lines.first { $0.hasPrefix("memory  ") })
            let (all, free) = (
                Self.byteCount(before: " in the machine", of: memory),
                Self.byteCount(before: " available now", of: memory)
            )
            #expect(all > 0 && free > 0 && free <= all, "\(memory)")
            let half = Quantity.binary(byteCount: Int64(Machine.allowedMemoryByteCount / 2))
            #expect(ending.lines.contains { $0.hasSuffix(" --memory \(half)") })
        }

        /// The number in front of some words, as in `7.80 GiB in the machine`; 0 if there is none.
        private static func byteCount(before words: String, of line: String) -> Double {
            let units = ["MiB": 1.0, "GiB": 1024.0, "TiB": 1_048_576.0]
            let end = line.firstRange(of: words)?.lowerBound ?? line.startIndex
            let last = line[..<end].split(separator: " ").suffix(2)
            guard let number = last.first.flatMap({ Double($0) }),
                let unit = last.last.flatMap({ units[String($0)] })
            else { return 0 }
            return number * unit
        }

        @Test("and fails where no worker starts")
        func fails() throws {
            let ending = try workspace.run("doctor", environment: ["PIXLOOM_WORKER": "/nowhere"])

            #expect(ending.code == 4)
            #expect(ending.lines.contains { $0.hasPrefix("cores  ") })
            #expect(
                ending.errors == ["pixloom: no worker starts, so only --mode threads works here"])
        }
    }
}
