import Foundation
import Profiling
import Synchronization
import SystemCalls
import TestSupport
import Testing

@testable import Pipeline

@Suite("A tally")
struct TallyTests {
    private let control = RunControl()
    private let observer = Notes()
    private var settings = RunSettings(
        jobs: 1, ioJobs: 1, memoryByteCount: 1 << 20, workerExecutable: "/worker")
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func tally(_ quarantine: Quarantine? = nil) -> Tally {
        Tally(
            observer: observer, control: control, settings: settings, ledger: nil,
            quarantine: quarantine)
    }

    @Test("ends a run whose outputs find no space, whatever else fails between them")
    func endsOnFullDisk() {
        let tally = tally()
        tally.end(failing: "no-space")
        tally.end(failing: "malformed")
        tally.end(failing: "no-space")
        #expect(!control.isDraining)

        tally.end(failing: "no-space")

        #expect(control.endingReason == .noSpace)
    }

    @Test("lets a run go on where outputs find space again")
    func goesOnWithSpace() {
        let tally = tally()
        for _ in 0..<4 {
            tally.end(failing: "no-space")
            tally.end(failing: "no-space")
            tally.end(failing: nil)
        }

        #expect(control.endingReason == nil)
    }

    @Test("ends a run at the failure that is too much")
    mutating func endsAtErrorLimit() {
        settings.errorLimit = .count(2)
        let tally = tally()
        for _ in 0..<2 { tally.end(failing: "malformed") }
        #expect(!control.isDraining)

        tally.end(failing: "malformed")

        #expect(control.endingReason == .errorLimit)
    }

    @Test("gathers what failed, and says so where that cannot be done")
    func quarantines() throws {
        let tally = tally(try Quarantine(folder.path("failed"), maximumByteCount: 1 << 20))
        tally.end(failing: nil)
        tally.end(failing: "malformed")
        #expect(try folder.names().filter { $0.hasSuffix("-a.png.txt") }.count == 1)
        #expect(observer.all == [])

        try FileManager.default.removeItem(at: folder.url.appending(path: "failed"))
        tally.end(failing: "malformed")

        #expect(
            observer.all == ["cannot quarantine a.png: there is no such file or folder"])
    }

    @Test("calls a folder new once")
    func knowsFolders() {
        let tally = tally()

        #expect(["a", "b", "a"].map(tally.isNewFolder) == [true, true, false])
    }
}

extension Tally {
    fileprivate func end(failing kind: String?) {
        let outcome = ImageOutcome(index: 0, source: .named("a.png"))
        let failure = kind.map { ImageFailure(.store, kind: $0, "it failed") }
        end(failure.map(outcome.failed) ?? outcome)
    }
}

/// Keeps what a person should read.
private final class Notes: BatchObserver {
    private let notes = Mutex<[String]>([])

    var all: [String] { notes.withLock { $0 } }

    func began(_ counts: @escaping @Sendable () -> BatchCounts) {}
    func noted(_ note: String) { notes.withLock { $0.append(note) } }
    func ended(_ outcome: ImageOutcome) {}
}
