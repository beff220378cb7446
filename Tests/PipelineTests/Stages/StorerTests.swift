import Filters
import Synchronization
import SystemCalls
import TestSupport
import Testing

@testable import Pipeline

@Suite("A storer")
struct StorerTests {
    private let folder: TemporaryFolder
    private let image = PNGBuilder.header(width: 1, height: 1, colorType: 0).image(rows: [[7]])
    private let stale: String

    init() throws {
        folder = try TemporaryFolder()
        let current = ProcessIdentity.current
        let ended = ProcessIdentity(
            machine: current.machine, number: current.number, startTime: current.startTime + 1)
        stale = ".pixloom-\(ended.text)-1.tmp"
    }

    @Test("removes what a killed run left where it stores something, and only there")
    func removesStaleTemporaries() throws {
        for name in ["in/x/a.png", "in/x/b.png"] { try folder.addFile(name, image) }
        for name in ["out/x/\(stale)", "out/y/\(stale)"] { try folder.addFile(name) }

        try run(Silence())

        let left = try folder.names().filter { $0.hasPrefix("out/") }
        #expect(left == ["out/x", "out/x/a.png", "out/x/b.png", "out/y", "out/y/\(stale)"])
    }

    @Test("stores although what a killed run left cannot be removed, and says so")
    func storesBesideLeftovers() throws {
        try folder.addFile("in/a.png", image)
        // A folder is not removed as files are.
        try folder.addFolder("out/\(stale)")
        let notes = Notes()

        try run(notes)

        #expect(try folder.names().contains("out/a.png"))
        #expect(
            notes.all.withLock { $0 } == [
                "cannot remove what a killed run left in the output folder: "
                    + "it is a folder, not a file"
            ])
    }

    private func run(_ observer: any BatchObserver) throws {
        var settings = RunSettings(
            jobs: 1, ioJobs: 1, memoryByteCount: 1 << 20, workerExecutable: "/worker")
        settings.mode = .threads
        settings.ledger = .none

        _ = try Pipeline(
            inputs: [.path(folder.path("in"))], find: FindOptions(),
            target: .folder(folder.path("out"), .keepingTree),
            recipe: Recipe(chain: try FilterChain([])), settings: settings
        ).run(control: RunControl(), observer: observer)
    }
}

private struct Silence: BatchObserver {
    func began(_ counts: @escaping @Sendable () -> BatchCounts) {}
    func noted(_ note: String) {}
    func ended(_ outcome: ImageOutcome) {}
}

private final class Notes: BatchObserver {
    let all = Mutex<[String]>([])

    func began(_ counts: @escaping @Sendable () -> BatchCounts) {}
    func noted(_ note: String) { all.withLock { $0.append(note) } }
    func ended(_ outcome: ImageOutcome) {}
}
