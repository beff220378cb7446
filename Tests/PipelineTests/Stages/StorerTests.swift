import Filters
import SystemCalls
import TestSupport
import Testing

@testable import Pipeline

@Suite("A storer")
struct StorerTests {
    @Test("removes what a killed run left where it stores something, and only there")
    func removesStaleTemporaries() throws {
        let folder = try TemporaryFolder()
        let image = PNGBuilder.header(width: 1, height: 1, colorType: 0).image(rows: [[7]])
        for name in ["in/x/a.png", "in/x/b.png"] { try folder.addFile(name, image) }
        let current = ProcessIdentity.current
        let ended = ProcessIdentity(
            machine: current.machine, number: current.number, startTime: current.startTime + 1)
        let stale = ".pixloom-\(ended.text)-1.tmp"
        for name in ["out/x/\(stale)", "out/y/\(stale)"] { try folder.addFile(name) }
        var settings = RunSettings(
            jobs: 1, ioJobs: 1, memoryByteCount: 1 << 20, workerExecutable: "/worker")
        settings.mode = .threads
        settings.ledger = .none

        _ = try Pipeline(
            inputs: [.path(folder.path("in"))], find: FindOptions(),
            target: .folder(folder.path("out"), .keepingTree),
            recipe: Recipe(chain: try FilterChain([])), settings: settings
        ).run(control: RunControl(), observer: Silence())

        let left = try folder.names().filter { $0.hasPrefix("out/") }
        #expect(left == ["out/x", "out/x/a.png", "out/x/b.png", "out/y", "out/y/\(stale)"])
    }
}

private struct Silence: BatchObserver {
    func began(_ counts: @escaping @Sendable () -> BatchCounts) {}
    func noted(_ note: String) {}
    func ended(_ outcome: ImageOutcome) {}
}
