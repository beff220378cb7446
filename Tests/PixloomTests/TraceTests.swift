import Foundation
import TestSupport
import Testing
import Transfer

extension ToolTests {
    @Suite("writes a trace")
    struct TraceTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
            try workspace.addImages(24)
        }

        @Test(
            "that keeps the rules of its format, and whose totals are those of --profile",
            arguments: ["threads", "processes"])
        func agreesWithProfile(mode: String) throws {
            let (trace, ending) = try traced("--mode", mode, "--profile")
            let rows = ending.errors.compactMap(ProfileRow.init)

            #expect(TraceChecker.violations(of: trace.events) == [])
            #expect(
                Set(rows.map(\.name)).isSuperset(
                    of: ["fetch", "decode", "filter", "box-blur", "invert", "encode", "store"]))
            for row in rows {
                let slices = trace.slices.filter { $0.name == row.name }
                let total = slices.reduce(0) { $0 + $1.nanoseconds }
                #expect(slices.count == row.count, "\(row.name)")
                #expect(abs(total - row.nanoseconds) <= row.nanoseconds / 50 + 10, "\(row.name)")
            }
        }

        @Test(
            "in which the stages of a lane add up to its time, and those of its images to its work",
            arguments: ["threads", "processes"])
        func addsUp(mode: String) throws {
            let (trace, ending) = try traced("--mode", mode, "--json", "--profile", "-j", "2")
            let images = try ending.lines.dropLast().map {
                try JSONDecoder().decode(TimedImage.self, from: Data($0.utf8))
            }
            let lanes = trace.tracks.filter { $0.value.hasPrefix("lane ") }.keys
            let stages = trace.slices.filter { lanes.contains($0.track) && $0.category != "part" }
            let work = stages.filter { $0.category == "stage" }.map(\.nanoseconds).reduce(0, +)
            var lifetimes: Int64 = 0
            for lane in lanes {
                let own = stages.filter { $0.track == lane }
                let lifetime = (own.map(\.end).max() ?? 0) - (own.map(\.start).min() ?? 0)
                #expect(isNear(own.map(\.nanoseconds).reduce(0, +), lifetime), "\(lane)")
                lifetimes += lifetime
            }

            #expect(lanes.count == 2)
            #expect(isNear(images.map(\.workOfLane).reduce(0, +), work))
            let shares = ending.errors.compactMap {
                $0.firstMatch(of: /^2 lanes, (\d+) % busy/).flatMap { Int64($0.1) }
            }
            let busy = try #require(shares.first)
            #expect(abs(100 * work / lifetimes - busy) <= 1)
        }

        @Test("that names threads, workers, images, queues and memory")
        func names() throws {
            let (trace, _) = try traced("-j", "2", "--io-jobs", "1")
            let workers = Set(trace.slices.filter { $0.name == "box-blur" }.map(\.track.process))

            #expect(
                Set(trace.tracks.values).isSuperset(of: ["lane 0", "lane 1", "fetch 0", "store 0"]))
            #expect(!workers.isEmpty)
            for worker in workers {
                let name = trace.processes[worker]
                #expect(["worker of lane 0", "worker of lane 1"].contains(name))
            }
            #expect(
                Set(trace.slices.compactMap(\.image)).isSuperset(of: ["in/10.png", "in/33.png"]))
            #expect(
                trace.counters
                    == ["queues": ["found", "fetched", "encoded"], "image memory": ["bytes"]])
        }

        @Test("with an instant for each crash", arguments: [0, 2])
        func crashes(retries: Int) throws {
            let (trace, ending) = try traced(
                "-j", "1", "--retries", "\(retries)",
                environment: try workspace.withLyingWorker("crash-on-12x12"))
            let crashes = trace.instants.filter { $0.name == "worker-crashed" }

            #expect(ending.code == 1)
            #expect(TraceChecker.violations(of: trace.events) == [])
            #expect(crashes.count == 1 + retries)
            #expect(trace.instants.count == crashes.count)
            for crash in crashes {
                #expect(trace.tracks[crash.track] == "lane 0")
                #expect(crash.detail.contains("in/12.png"))
                #expect(crash.detail.contains("SIGSEGV"))
            }
        }

        @Test(
            "with an instant for each further attempt at a download",
            .enabled(if: Downloader.libraryVersion != nil, "built without libcurl"))
        func downloads() throws {
            let image = Workspace.png()
            let server = try HTTPServer { request in
                request.connection == 0
                    ? .response(status: "503 Service Unavailable", headers: ["Connection: close"])
                        + [.close] : .response(image)
            }

            let ending = try workspace.run(server.url(), "-o", "out", "--trace", "trace")
            let trace = try Trace(workspace.folder.bytes(of: "trace"))

            #expect(ending.code == 0, "\(ending.errors)")
            #expect(trace.instants.map(\.name) == ["http-status"])
            #expect(trace.instants.first?.detail.contains("503") == true)
        }

        @Test("also of a run that fails, and none where it cannot be written")
        func endings() throws {
            let failed = try workspace.run(
                "in", "-o", "out", "--trace", "trace",
                environment: ["PIXLOOM_WORKER": "/nowhere"])
            let refused = try workspace.run("in", "-o", "out", "--trace", "no/trace")

            #expect(failed.code == 4)
            #expect(TraceChecker.violations(of: try readTrace().events) == [])
            #expect(refused.code == 4)
            #expect(
                refused.errors == [
                    "pixloom: cannot write no/trace: open: no such file or directory"
                ])
            #expect(!workspace.has("out/10.png"))
        }

        private func traced(
            _ options: String..., environment: [String: String] = [:]
        ) throws -> (Trace, Tool.Ending) {
            let filters = ["--filter", "box-blur:2", "--filter", "invert"]
            let ending = try Tool.run(
                ["in", "-o", "out", "--trace", "trace"] + filters + options,
                in: workspace.folder.url, environment: environment)
            return (try readTrace(), ending)
        }

        private func readTrace() throws -> Trace {
            try Trace(workspace.folder.bytes(of: "trace"))
        }

        /// Within 2 %, and some microseconds for what lies between two looks at the clock.
        private func isNear(_ left: Int64, _ right: Int64) -> Bool {
            abs(left - right) <= right / 50 + 5_000
        }
    }
}

/// A stage of an image's line in JSON.
private struct TimedImage: Decodable {
    var stages: [String: Int64]

    var workOfLane: Int64 {
        ["decode", "filter", "encode"].reduce(0) { $0 + (stages[$1] ?? 0) }
    }
}
