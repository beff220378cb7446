import Codecs
import Filters
import Images
import SystemCalls
import TestSupport
import Testing
import Transfer
import Workers

@testable import Pipeline

/// Whole runs within this process: threads mode needs no worker.
@Suite("A run", .timeLimit(.minutes(30)))
struct PipelineTests {
    private let folder: TemporaryFolder
    private var settings = RunSettings(
        jobs: 2, ioJobs: 2, memoryByteCount: 1 << 24, workerExecutable: "/nowhere")
    private let observer = OutcomeLog()
    private let control = RunControl()

    init() throws {
        folder = try TemporaryFolder()
        settings.mode = .threads
        // Outcomes come as they happen, not in batches.
        settings.durability = .none
        settings.ledger = .none
    }

    @Test("gives every input exactly one outcome, whatever becomes of it")
    func givesEachAnOutcome() throws {
        for number in 0..<20 { try addImage("in/\(number).png") }
        try folder.addFile("in/cut.png", Array(Self.image(side: 4).prefix(60)))
        try folder.addFile("in/empty.png")
        try folder.addFile("in/text.png", Array("no image".utf8))
        try addImage("in/x/huge.png", side: 40)

        let summary = try run(pixelLimit: 1000)

        #expect(observer.statuses.count == 24)
        #expect(summary.counts.found == 24)
        #expect(summary.counts.isComplete)
        #expect(summary.counts.done == 24)
        #expect(summary.counts[.converted] == 20)
        #expect(observer.statuses["cut.png"] == .failed)
        #expect(observer.kinds["cut.png"] == "malformed")
        #expect(observer.kinds["x/huge.png"] == "too-large")
        #expect(observer.statuses["empty.png"] == .skipped)
        #expect(observer.statuses["text.png"] == .skipped)
        #expect(try folder.names().filter { $0.hasPrefix("out/") }.count == 20)
    }

    @Test("ends with little memory too, whatever waits for what", arguments: [1, 3])
    func endsWithLittleMemory(jobs: Int) throws {
        // Sources and results are larger than their shares, and each frame takes most of its own.
        for number in 0..<40 {
            try folder.addFile("in/\(number).png", try Self.noise(side: number % 4 == 0 ? 90 : 40))
        }
        var tight = self
        tight.settings.jobs = jobs
        tight.settings.ioJobs = 4
        tight.settings.memoryByteCount = 14_000

        let summary = try tight.run(["invert"])

        #expect(summary.counts[.converted] == 40)
    }

    @Test("fills in what is known of an image")
    func fillsInOutcomes() throws {
        let source = try addImage("in/x/a.png", side: 8)

        try run(["resize:50%"])

        let outcome = try #require(observer.outcomes.first)
        #expect(outcome.source.place == .file(source))
        #expect(outcome.destination == "x/a.png")
        #expect(outcome.sourceSize == ImageSize(width: 8, height: 8))
        #expect(outcome.size == ImageSize(width: 4, height: 4))
        #expect(outcome.sourceFormat == .png)
        #expect(outcome.format == .png)
        #expect(outcome.byteCountIn == Self.image(side: 8).count)
        #expect(outcome.byteCountOut == (try folder.bytes(of: "out/x/a.png")).count)
        #expect(outcome.attempts == 1)
    }

    @Test("warns of metadata that the result can't hold")
    func warnsOfLosses() throws {
        try folder.addFile("in/p3.png", Fixture.bytes("valid/rgb8_icc_display_p3_33x17.png"))

        try run(["grayscale"])

        #expect(
            observer.outcomes.first?.warnings
                == ["the ICC profile is left out: it does not describe gray8"])
    }

    @Test("converts to sRGB before it filters", .enabled(if: ColorManagement.library != nil))
    func convertsToSRGB() throws {
        try folder.addFile("in/p3.png", Fixture.bytes("valid/rgb8_icc_display_p3_33x17.png"))
        var recipe = Recipe(chain: try FilterChain(["grayscale"]))
        recipe.convertsToSRGB = true

        _ = try Pipeline(
            inputs: [.path(folder.path("in"))], find: FindOptions(),
            target: .folder(folder.path("srgb"), .keepingTree), recipe: recipe, settings: settings
        ).run(control: control, observer: observer)
        try run(["grayscale"])

        #expect(observer.outcomes.first?.warnings == [])
        #expect(try folder.bytes(of: "srgb/p3.png") != folder.bytes(of: "out/p3.png"))
    }

    @Test("makes the same bytes for every number of lanes", arguments: [1, 3, 8])
    mutating func isReproducible(jobs: Int) throws {
        for number in 1..<10 { try addImage("in/\(number).png", side: number) }
        try run(["box-blur:1"])
        let expected = try outputs()
        settings.jobs = jobs
        settings.ioJobs = jobs
        settings.overwrite = .always

        try run(["box-blur:1"])

        #expect(try outputs() == expected)
    }

    @Test("with less memory than one image needs fails that image alone")
    mutating func limitsMemory() throws {
        try addImage("in/large.png", side: 400)
        try addImage("in/small.png", side: 10)
        settings.memoryByteCount = 100_000

        try run(["invert"])

        #expect(observer.kinds["large.png"] == "too-large")
        #expect(observer.statuses["small.png"] == .converted)
    }

    @Test("never touches an output that exists unless it may")
    mutating func respectsOutputs() throws {
        try addImage("in/a.png")
        try folder.addFile("out/a.png", [1])

        try run()
        #expect(observer.kinds["a.png"] == "exists")
        #expect(try folder.bytes(of: "out/a.png") == [1])

        settings.overwrite = .always
        try run()
        #expect(observer.statuses["a.png"] == .converted)
    }

    @Test("that is drained finishes what it has in hand and begins nothing more")
    mutating func drains() throws {
        for number in 0..<300 { try addImage("in/\(number).png", side: 2) }
        settings.jobs = 1
        settings.ioJobs = 1
        observer.onOutcome = { [control] in control.drain(.signal(2)) }

        let summary = try run()

        #expect(summary.endingReason == .signal(2))
        #expect(summary.counts[.failed] == 0)
        // The first, those in the queue behind the lane, and one in each hand between.
        #expect((1...70).contains(summary.counts.done))
        #expect(try outputs().count == summary.counts[.converted])
    }

    @Test(
        "counts a download that is stopped with it as not done",
        .enabled(if: Downloader.libraryVersion != nil))
    mutating func stopsDownloads() throws {
        settings.ledger = .inOutputFolder
        let server = try HTTPServer { [control] _ in
            control.cancel(.signal(2))
            return [.hang]
        }

        let summary = try run(inputs: [.url(server.url("/a.png"))])

        #expect(summary.counts.found == 1)
        #expect(summary.counts.done == 0)
        #expect(observer.outcomes.isEmpty)
        #expect(try folder.bytes(of: "out/.pixloom/ledger.ndjson").isEmpty)
    }

    @Test("stops after the first failure where it is told to")
    mutating func stopsAtFirstError() throws {
        for number in 100..<400 { try folder.addFile("in/\(number).png", [0x89]) }
        try folder.addFile("list", Array((100..<400).map(listed).joined(separator: "\n").utf8))
        settings.stopsAtFirstError = true
        settings.ioJobs = 1

        let summary = try run(inputs: [.list(folder.path("list"), separator: .newline)])

        #expect(summary.endingReason == .firstError)
        #expect(summary.counts[.failed] == 1)
    }

    @Test("refuses two inputs for one output, names both and makes no folder")
    func refusesCollisions() throws {
        try addImage("in/a.png")
        try addImage("in/b.png")
        let target = OutputTarget.folder(folder.path("out"), .fixed("c.png"))

        let error = #expect(throws: PipelineError.self) { try run(to: target) }

        let (first, second) = (folder.path("in/a.png"), folder.path("in/b.png"))
        #expect(
            error
                == .collision(
                    first: "\(first)", second: "\(second)", destination: "c.png"))
        #expect(try !folder.names().contains("out"))
    }

    @Test("with suffixes gives both of two inputs a name of its own")
    mutating func addsSuffixes() throws {
        try addImage("in/x/a.png")
        try addImage("in/y/a.png")
        settings.onCollision = .suffix

        try run(to: .folder(folder.path("out"), OutputTemplate("{name}.{ext}")))

        let hashes = ["x/a.png", "y/a.png"].map { StableHash(Array($0.utf8)).hexadecimal }
        #expect(try outputs().keys.sorted() == hashes.map { "out/a-\($0).png" }.sorted())
    }

    @Test("fails the later of two images whose names turn out to be equal")
    func failsLateCollisions() throws {
        try addImage("in/a.png")
        try addImage("in/b.png")

        let summary = try run(
            to: .folder(folder.path("out"), OutputTemplate("{width}.png")))

        #expect(summary.counts[.converted] == 1)
        #expect(observer.kinds.values.compactMap { $0 } == ["collision"])
    }

    @Test("without an image makes no folder and says so")
    func needsInput() throws {
        try folder.addFolder("in")

        #expect(throws: PipelineError.noInput) { try run() }
        #expect(try folder.names() == ["in"])
    }

    @Test("does not write into one of its inputs")
    func refusesInputAsOutput() throws {
        try addImage("in/a.png")

        #expect(throws: PipelineError.outputIsInput("\(folder.path("in"))")) {
            try run(to: .folder(folder.path("in"), .keepingTree))
        }
    }

    @Test("passes over its own output folder")
    func passesOverOutputs() throws {
        try addImage("in/a.png")
        try addImage("in/out/old.png")

        try run(to: .folder(folder.path("in/out"), .keepingTree))

        #expect(observer.statuses == ["a.png": .converted])
    }

    @Test("passes over folders that it has just made, for outputs and for what fails")
    func passesOverNewFolders() throws {
        try addImage("in/a.png")
        var inside = self
        inside.settings.quarantine = folder.path("in/failed")
        let (_, makeStream) = try inside.pipeline(
            to: .folder(folder.path("in/out"), .keepingTree)
        ).prepare(control: control, observer: observer)
        try addImage("in/out/a.png")
        try addImage("in/failed/b.png")

        var stream = makeStream()
        let names = AnyIterator { stream.next()?.source.name.description }

        #expect(Array(names) == ["a.png"])
    }

    @Test("says which single input is missing")
    func namesMissingInput() {
        let path = folder.path("in")

        #expect(throws: PipelineError.inputMissing("\(path)", .notFound)) { try run() }
    }

    @Test("without a worker begins nothing")
    mutating func needsWorker() throws {
        try addImage("in/a.png")
        settings.mode = .processes

        let error = #expect(throws: PipelineError.self) { try run() }

        guard case .worker(.cannotStart(executable: "/nowhere", reason: _)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(observer.outcomes.isEmpty)
    }

    @Test("that is only planned says what it would do, and does nothing")
    func plans() throws {
        try addImage("in/x/a.png")
        try folder.addFile("in/text", [1, 2, 3])

        let summary = try pipeline().plan(control: control, observer: observer)

        #expect(summary.counts[.planned] == 1)
        #expect(summary.counts[.skipped] == 1)
        #expect(observer.outcomes.first { $0.status == .planned }?.destination == "x/a.png")
        #expect(try folder.names() == ["in", "in/text", "in/x", "in/x/a.png"])
    }

    @Test("plans without a word to ledger and quarantine")
    func plansSilently() throws {
        try addImage("in/a.png")
        let torn = Array(#"{"output":"00"#.utf8)
        try folder.addFile("out/.pixloom/ledger.ndjson", torn)
        var planning = self
        planning.settings.ledger = .inOutputFolder
        planning.settings.quarantine = folder.path("quarantine")

        let summary = try planning.pipeline(
            inputs: [.path(folder.path("in")), .path(folder.path("missing.png"))]
        ).plan(control: control, observer: observer)

        #expect(summary.counts[.failed] == 1)
        #expect(try folder.bytes(of: "out/.pixloom/ledger.ndjson") == torn)
        #expect(try !folder.names().contains("quarantine"))
    }

    private func listed(_ number: Int) -> String { "\(folder.path("in/\(number).png"))" }

    private static func image(side: Int) -> [UInt8] {
        let rows = (0..<side).map { row in
            (0..<side).map { UInt8(truncatingIfNeeded: row * 31 + $0 * 7) }
        }
        return PNGBuilder.header(width: side, height: side, colorType: 0).image(rows: rows)
    }

    @discardableResult
    private func addImage(_ name: String, side: Int = 4) throws -> BytePath {
        try folder.addFile(name, Self.image(side: side))
    }

    private func outputs() throws -> [String: [UInt8]] {
        let names = try folder.names().filter { $0.hasPrefix("out/") && $0.hasSuffix(".png") }
        return Dictionary(
            uniqueKeysWithValues: try names.map { ($0, try folder.bytes(of: $0)) })
    }

    private func pipeline(
        _ filters: [String] = [], inputs: [Input]? = nil, to target: OutputTarget? = nil,
        pixelLimit: Int = 1_000_000
    ) throws -> Pipeline {
        Pipeline(
            inputs: inputs ?? [.path(folder.path("in"))], find: FindOptions(),
            target: target ?? .folder(folder.path("out"), .keepingTree),
            recipe: Recipe(chain: try FilterChain(filters), pixelLimit: pixelLimit),
            settings: settings)
    }

    private static func noise(side: Int) throws -> [UInt8] {
        let size = try #require(ImageSize(width: side, height: side))
        let image = TestImage.noise(.gray8, size, seed: UInt64(side))
        var file = PNGBuilder.header(width: side, height: side, colorType: 0)
        let rows = (0..<side).map { Array(image.bytes[$0 * side..<($0 + 1) * side]) }
        file.add("IDAT", PNGBuilder.stream(ofRows: rows))
        file.add("IEND")
        return file.bytes
    }

    @discardableResult
    private func run(
        _ filters: [String] = [], inputs: [Input]? = nil, to target: OutputTarget? = nil,
        pixelLimit: Int = 1_000_000
    ) throws -> BatchSummary {
        try pipeline(filters, inputs: inputs, to: target, pixelLimit: pixelLimit)
            .run(control: control, observer: observer)
    }
}
