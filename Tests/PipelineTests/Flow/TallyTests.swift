import Profiling
import SystemCalls
import Testing

@testable import Pipeline

@Suite("A tally")
struct TallyTests {
    private let control = RunControl()
    private let tally: Tally

    init() {
        tally = Tally(
            observer: NoObserver(), control: control,
            settings: RunSettings(
                jobs: 1, ioJobs: 1, memoryByteCount: 1 << 20, workerExecutable: "/worker"),
            ledger: nil, quarantine: nil)
    }

    @Test("ends a run whose outputs find no space, whatever else fails between them")
    func endsOnFullDisk() {
        end(failing: "no-space")
        end(failing: "malformed")
        end(failing: "no-space")
        #expect(!control.isDraining)

        end(failing: "no-space")

        #expect(control.endingReason == .noSpace)
    }

    @Test("lets a run go on where outputs find space again")
    func goesOnWithSpace() {
        for _ in 0..<4 {
            end(failing: "no-space")
            end(failing: "no-space")
            end(failing: nil)
        }

        #expect(control.endingReason == nil)
    }

    private func end(failing kind: String?) {
        let outcome = ImageOutcome(index: 0, source: .named("a.png"))
        let failure = kind.map { ImageFailure(.store, kind: $0, "it failed") }
        tally.end(failure.map(outcome.failed) ?? outcome)
    }
}

private struct NoObserver: BatchObserver {
    func began(_ counts: @escaping @Sendable () -> BatchCounts) {}
    func noted(_ note: String) {}
    func ended(_ outcome: ImageOutcome) {}
}
