import Filters
import Foundation
import Profiling
import SystemCalls
import TestSupport
import Testing

@testable import Pipeline

/// What real runs in this process tell about themselves.
@Suite("What a run tells of its time", .timeLimit(.minutes(30)))
struct TraceOfRunTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for number in 0..<40 {
            let rows = (0..<90).map { row in
                (0..<120).map { UInt8(truncatingIfNeeded: row * 31 + $0 * number) }
            }
            try folder.addFile(
                "in/\(number).png",
                PNGBuilder.header(width: 120, height: 90, colorType: 0).image(rows: rows))
        }
        try folder.addFile("in/cut.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    }

    @Test("is a trace that keeps the rules of its format and agrees with the profile")
    func traces() throws {
        let (events, summary) = try tracedRun(["resize:50%", "median:1"])

        #expect(TraceChecker.violations(of: events) == [])
        for stage in Stage.allCases {
            let traced = nanoseconds(of: events, named: stage.name)
            let profiled = summary.profile.nanoseconds(in: stage)
            #expect(abs(traced - profiled) <= max(profiled / 50, 1_000_000), "\(stage)")
        }
        for part in summary.profile.parts {
            let traced = nanoseconds(of: events, named: part.name)
            #expect(abs(traced - part.durations.total) <= max(part.durations.total / 50, 100_000))
        }
        #expect(summary.profile.parts.map(\.name).contains("median"))
    }

    @Test("names all threads, images, queues and memory in a trace")
    func namesThings() throws {
        let (events, _) = try tracedRun(["resize:50%"])
        let arguments = events.compactMap { $0["args"] as? [String: Any] }
        let names = Set(arguments.compactMap { $0["name"] as? String })
        let counters = events.filter { $0["ph"] as? String == "C" }

        #expect(
            names.isSuperset(of: ["pixloom", "lane 0", "lane 1", "fetch 0", "store 1"]), "\(names)")
        #expect(arguments.contains { ($0["image"] as? String)?.hasSuffix("/7.png") == true })
        #expect(Set(counters.compactMap { $0["name"] as? String }) == ["queues", "image memory"])
    }

    @Test("adds up: the stages of the lanes are their time, and the filters the filter stage")
    func addsUp() throws {
        let (_, summary) = try tracedRun(["resize:50%", "median:1", "invert"])
        let profile = summary.profile
        let stages = Stage.allCases.filter(\.isOfLane).reduce(0) {
            $0 + profile.nanoseconds(in: $1)
        }
        let filters = profile.parts.reduce(0) { $0 + $1.durations.total }
        let lanes = profile.nanoseconds(of: .lane)

        #expect(abs(stages - lanes) <= max(lanes / 50, 1_000_000))
        #expect(filters <= profile.nanoseconds(in: .filter))
        #expect(filters >= profile.nanoseconds(in: .filter) / 2)
    }

    @Test("can be measured without keeping the outputs")
    func discards() throws {
        let summary = try pipeline([], to: .discarded).run(
            control: RunControl(), observer: Silence())

        #expect(summary.counts[.converted] == 40)
        #expect(try folder.names().allSatisfy { $0.hasPrefix("in") })
    }

    @Test("is drawn as the same sample of images each time", arguments: [1, 7, 40, 100])
    func samples(count: Int) {
        let inputs = [Input.path(folder.path("in"))]
        let first = Pipeline.sample(of: inputs, find: FindOptions(), count: count)
        let second = Pipeline.sample(of: inputs, find: FindOptions(), count: count)

        #expect(first.inputs == second.inputs)
        #expect(first.foundCount == 41)
        #expect(Set(first.inputs).count == min(count, 41))
    }

    private func tracedRun(_ filters: [String]) throws -> ([[String: Any]], BatchSummary) {
        try folder.addFile("trace.json")
        let path = folder.path("trace.json").description
        let file = try #require(FileHandle(forWritingAtPath: path))
        let trace = TraceFile(
            descriptor: file.fileDescriptor, process: CurrentProcess.id, began: .now)
        let summary = try pipeline(filters, to: .folder(folder.path("out"), .keepingTree)).run(
            control: RunControl(), observer: Silence(), sink: trace)
        try trace.finish()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let events = try JSONSerialization.jsonObject(with: bytes) as? [[String: Any]]
        return (try #require(events), summary)
    }

    private func pipeline(_ filters: [String], to target: OutputTarget) throws -> Pipeline {
        var settings = RunSettings(
            jobs: 2, ioJobs: 2, memoryByteCount: 1 << 24, workerExecutable: "/nowhere")
        settings.mode = .threads
        settings.ledger = .none
        return Pipeline(
            inputs: [.path(folder.path("in"))], find: FindOptions(), target: target,
            recipe: Recipe(chain: try FilterChain(filters)), settings: settings)
    }

    private func nanoseconds(of events: [[String: Any]], named name: String) -> Int64 {
        let microseconds = events.filter { $0["ph"] as? String == "X" }
            .filter { $0["name"] as? String == name }
            .reduce(0.0) { $0 + ($1["dur"] as? Double ?? 0) }
        return Int64((microseconds * 1000).rounded())
    }
}

/// An observer that looks away.
private struct Silence: BatchObserver {
    func began(_ counts: @escaping @Sendable () -> BatchCounts) {}
    func noted(_ note: String) {}
    func ended(_ outcome: ImageOutcome) {}
}
