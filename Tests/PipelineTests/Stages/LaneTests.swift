import Filters
import Images
import Profiling
import Synchronization
import SystemCalls
import TestSupport
import Testing
import Workers

@testable import Pipeline

@Suite("A lane", .timeLimit(.minutes(30)))
struct LaneTests {
    private let observer = OutcomeLog()

    @Test("filters small images together that are there, and makes of each what it is alone")
    func filtersTogether() throws {
        let sides = Array(1...40)

        let alone = try run(sides, largestGroup: 1)
        let together = try run(sides, largestGroup: 16)

        #expect(alone.groups == Array(repeating: 1, count: 40))
        // The first one tells how long filters take.
        #expect(together.groups == [1, 16, 16, 7])
        #expect(together.images == alone.images)
        #expect(together.images.count == 40)
    }

    @Test("leaves large images and those behind them in their order")
    func keepsOrder() throws {
        let sides = [4, 5, 6, 600, 7, 8]

        let run = try run(sides, largestGroup: 16)

        #expect(run.groups == [1, 2, 1, 2])
        #expect(run.names == sides.map { "\($0).png" })
    }

    @Test("begins again with each by itself where one of them ends the worker")
    func beginsAgain() throws {
        let sides = Array(1...12)

        let run = try run(sides, largestGroup: 16, deadlyWidth: 7)

        // Two attempts at the one are what --retries 1 allows.
        #expect(run.groups == [1, 11] + Array(repeating: 1, count: 12))
        #expect(run.names == sides.filter { $0 != 7 }.map { "\($0).png" })
        #expect(run.attempts == Array(repeating: 1, count: 11))
        let failures = observer.outcomes
        #expect(failures.map { "\($0.source.name)" } == ["7.png"])
        #expect(failures.map(\.attempts) == [2])
    }

    @Test("gives those behind one that takes too long all of their time")
    func givesEachItsTime() throws {
        let run = try run(Array(1...12), largestGroup: 16, slowWidth: 7)

        #expect(run.names.count == 11)
        let failures = observer.outcomes
        #expect(failures.map { "\($0.source.name)" } == ["7.png"])
        #expect(failures.map(\.failure?.kind) == ["timed-out"])
    }

    @Test("fails only the one of them that cannot be decoded")
    func failsOne() throws {
        let run = try run(Array(1...12), largestGroup: 16, cutSide: 7)

        #expect(run.groups == [1, 10])
        #expect(run.names.count == 11)
        #expect(observer.outcomes.map { "\($0.source.name)" } == ["7.png"])
    }

    /// What a lane did.
    private struct Run {
        /// How many images each run of the filters had.
        var groups: [Int] = []
        var names: [String] = []
        var images: [[UInt8]] = []
        var attempts: [Int] = []
    }

    /// Runs a lane on images of these sides, all of which are there when it begins.
    private func run(
        _ sides: [Int], largestGroup: Int, deadlyWidth: Int? = nil, slowWidth: Int? = nil,
        cutSide: Int? = nil
    ) throws -> Run {
        let parts = try parts()
        for (index, side) in sides.enumerated() {
            let name = try #require(BytePath("\(side).png"))
            let rows = (0..<side).map { y in (0..<side * 3).map { UInt8(($0 * y) & 255) } }
            var file = PNGBuilder.header(width: side, height: side, colorType: 2).image(rows: rows)
            if side == cutSide { file.removeLast(30) }
            parts.fetched.push(
                ImageInFlight(
                    outcome: ImageOutcome(index: index, source: .named(name)), bytes: file,
                    room: nil))
        }
        parts.fetched.producerFinished()
        let executor = CountingExecutor(
            InlineExecutor(chain: parts.recipe.chain, byteCountLimit: 1 << 24),
            largestGroup: largestGroup, deadlyWidth: deadlyWidth, slowWidth: slowWidth)
        let groups = executor.groups
        var lane = Lane(number: 0, executor: executor, parts)
        var clock = StageClock(
            Recorder(forwardingTo: nil, track: Track(process: 1, role: .lane, number: 0)))

        lane.run(&clock)

        var run = Run(groups: groups.all.withLock { $0 })
        while let image = parts.encoded.pop() {
            run.names.append("\(image.outcome.source.name)")
            run.images.append(image.bytes)
            run.attempts.append(image.outcome.attempts)
        }
        return run
    }

    private func parts() throws -> RunParts {
        var settings = RunSettings(
            jobs: 1, ioJobs: 1, memoryByteCount: 1 << 24, workerExecutable: "/nowhere")
        settings.retries = 1
        settings.timeoutNanoseconds = 1_000_000_000
        let recipe = Recipe(chain: try FilterChain(["grayscale"]))
        let control = RunControl()
        let tally = Tally(
            observer: observer, control: control, settings: settings, ledger: nil,
            quarantine: nil)
        return RunParts(
            settings: settings, recipe: recipe,
            destinations: Destinations(
                template: .keepingTree, recipe: recipe, suffixed: [], areKnownApart: true),
            folder: nil, discardsOutputs: false, control: control, tally: tally, ledger: nil,
            sink: nil)
    }
}

/// Filters on this thread in no time, counts the images of each run, "dies" of those of one width,
/// and is too slow for those of another.
private struct CountingExecutor: FilterExecutor, ~Copyable {
    private var inline: InlineExecutor
    private let deadlyWidth: Int?
    private let slowWidth: Int?
    let largestGroup: Int
    let groups = Groups()

    final class Groups: Sendable {
        let all = Mutex<[Int]>([])
    }

    init(
        _ inline: consuming InlineExecutor, largestGroup: Int, deadlyWidth: Int?, slowWidth: Int?
    ) {
        self.inline = inline
        self.largestGroup = largestGroup
        self.deadlyWidth = deadlyWidth
        self.slowWidth = slowWidth
    }

    mutating func makeRoom(byteCount: Int) throws(WorkerError) {
        try inline.makeRoom(byteCount: byteCount)
    }

    mutating func withMemory<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try inline.withMemory(range, body)
    }

    mutating func giveBack(beyond byteCount: Int) { inline.giveBack(beyond: byteCount) }

    mutating func run(
        _ group: FilterGroup, checkpoint: Checkpoint
    ) throws(WorkerError) -> [FilterRun] {
        groups.all.withLock { $0.append(group.members.count) }
        let widths = group.members.map(\.request.source.width)
        if let deadlyWidth, widths.contains(deadlyWidth) {
            throw .workerDied(.exited(code: 3), lastWords: "")
        }
        if let slowWidth, widths.contains(slowWidth) {
            while checkpoint.interruption == nil {}
            throw .timedOut
        }
        return try inline.run(group, checkpoint: checkpoint).map {
            FilterRun(result: $0.result, start: $0.end, end: $0.end)
        }
    }
}
