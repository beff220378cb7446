import Foundation
import Synchronization
import SystemCalls
import TestSupport
import Testing
import Transfer

@testable import Pipeline

@Suite("A publisher")
struct PublisherTests {
    private let folder: TemporaryFolder
    private let observer = Statuses()

    init() throws { folder = try TemporaryFolder() }

    @Test("takes what another run made meanwhile for its own, if it is the very same")
    func takesTheSame() throws {
        _ = try folder.addFile("a.png", [1, 2])

        try publish([1, 2], hash: ContentHash(of: [1, 2].span))
        try publish([1, 3], hash: ContentHash(of: [1, 3].span))

        #expect(observer.all == [.converted, .failed])
    }

    @Test("never calls an output made that could not get its name, also without a ledger")
    func failsBeforeAFolder() throws {
        _ = try folder.addFile("a.png/in-the-way", [])

        try publish([1], hash: nil)

        #expect(observer.all == [.failed])
    }

    private func publish(_ bytes: [UInt8], hash: ContentHash?) throws {
        var settings = RunSettings(
            jobs: 1, ioJobs: 1, memoryByteCount: 1 << 20, workerExecutable: "/worker")
        settings.durability = .none
        let tally = Tally(
            observer: observer, control: RunControl(), settings: settings, ledger: nil,
            quarantine: nil)
        let publisher = Publisher(
            folder: try OutputFolder(folder.path()), settings: settings, ledger: nil, tally: tally)
        var outcome = ImageOutcome(index: 0, source: .named("a.png"))
        outcome.destination = "a.png"
        outcome.outputHash = hash
        let file = try publisher.prepare(bytes, of: outcome, at: "a.png")
        publisher.publish(file, as: outcome, at: "a.png")
    }
}

/// The statuses of the outcomes, in the order in which they came.
private final class Statuses: BatchObserver {
    private let seen = Mutex<[ImageOutcome.Status]>([])

    var all: [ImageOutcome.Status] { seen.withLock { $0 } }

    func began(_ counts: @escaping @Sendable () -> BatchCounts) {}
    func noted(_ note: String) {}
    func ended(_ outcome: ImageOutcome) { seen.withLock { $0.append(outcome.status) } }
}
