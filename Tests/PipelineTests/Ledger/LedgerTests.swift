import Foundation
import Profiling
import SystemCalls
import Testing
import Transfer

@testable import Pipeline

@Suite("A ledger")
final class LedgerTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("pixloom-ledger-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    @Test("knows an output again that it calls done, and only from the same state of its source")
    func knowsOutputs() throws {
        let first = try open()
        first.prepare([outcome])
        first.end(outcome)
        first.flush()

        let second = try open()

        #expect(isUpToDate(second, modified: 8))
        #expect(!isUpToDate(second, modified: 9))
        #expect(second.index.made("b.png") == nil)
    }

    @Test("knows that an output is ours, but not done, after a kill before the rename")
    func knowsPreparedOutputs() throws {
        let first = try open()
        first.end(outcome)
        first.prepare([outcome])

        let second = try open()

        #expect(second.index.made("a.png") == 0)
        #expect(!isUpToDate(second, modified: 8))
    }

    @Test("bears a torn last line, and goes on behind it")
    func bearsTornLine() throws {
        let first = try open()
        first.end(outcome)
        first.flush()
        let path = folder + "/.pixloom/ledger.ndjson"
        let whole = try #require(FileManager.default.contents(atPath: path))
        try (whole + Data(#"{"output":"00"#.utf8)).write(to: URL(fileURLWithPath: path))

        let second = try open()
        second.prepare([outcome])

        #expect(isUpToDate(second, modified: 8))
        #expect(try open().index.made("a.png") == 0)
    }

    @Test("knows which inputs failed last")
    func knowsFailures() throws {
        let first = try open()
        first.end(outcome.failed(ImageFailure(.decode, kind: "malformed", "it is torn")))
        first.flush()
        #expect(try open().index.hasFailed(.named("a.png")))

        first.end(outcome)
        first.flush()
        #expect(try !open().index.hasFailed(.named("a.png")))
    }

    @Test("remembers the last of ten thousand lines for each output")
    func remembersTheLast() throws {
        let first = try open()
        for number in 0..<10_000 {
            var outcome = outcome
            outcome.destination = BytePath("\(number % 100).png")
            outcome.byteCountOut = number
            first.end(outcome)
        }
        first.flush()

        let second = try open()

        #expect(isUpToDate(second, "7.png", byteCount: 9907, modified: 8))
        #expect(!isUpToDate(second, "7.png", byteCount: 9807, modified: 8))
    }

    @Test("tells of each run before its first image, and in each line to which it belongs")
    func tellsRuns() throws {
        for _ in 0..<2 {
            let ledger = try open()
            ledger.prepare([outcome])
            ledger.end(outcome)
            ledger.flush()
        }
        // A run that has nothing to do leaves no trace.
        try open().flush()

        let lines = try #require(
            FileManager.default.contents(atPath: folder + "/.pixloom/ledger.ndjson")
        ).split(separator: UInt8(ascii: "\n")).map { JSONValue(parsing: Array($0)[...]) }

        #expect(lines.count == 6)
        #expect([0, 3].map { lines[$0]?["version"]?.string } == ["0.1.0", "0.1.0"])
        let runs = lines.map { $0?["run"]?.string }
        let first = try #require(runs[0])
        let second = try #require(runs[3])
        #expect(first != second)
        #expect(runs == [first, first, first, second, second, second])
    }

    private let outcome: ImageOutcome = {
        var outcome = ImageOutcome(index: 0, source: .named("a.png"))
        outcome.destination = "a.png"
        outcome.identity = SourceIdentity(byteCount: 7, modificationNanoseconds: 8)
        outcome.byteCountOut = 9
        return outcome
    }()

    private func open() throws -> Ledger {
        try Ledger(
            Ledger.standardPath, in: OutputFolder(try #require(BytePath(folder))),
            run: LedgerRun(
                recipe: "r",
                settings: RunSettings(
                    jobs: 1, ioJobs: 1, memoryByteCount: 1 << 20, workerExecutable: "/worker")),
            findingFailures: true)
    }

    private func isUpToDate(
        _ ledger: Ledger, _ path: BytePath = "a.png", byteCount: Int = 9, modified: Int64
    ) -> Bool {
        ledger.isUpToDate(
            path, byteCount: byteCount, from: .named("a.png"),
            SourceIdentity(byteCount: 7, modificationNanoseconds: modified))
    }
}
