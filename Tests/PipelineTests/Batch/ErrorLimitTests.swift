import Profiling
import SystemCalls
import Testing

@testable import Pipeline

@Suite("A limit of errors")
struct ErrorLimitTests {
    @Test(
        "is exceeded by one failure more, and in percent not before a hundred images",
        arguments: [
            (.none, 0, 500, false), (.count(0), 9, 0, false), (.count(0), 9, 1, true),
            (.count(2), 0, 2, false), (.count(2), 0, 3, true),
            (.percent(10), 0, 99, false), (.percent(10), 90, 10, false),
            (.percent(10), 89, 11, true), (.percent(0), 99, 1, true),
        ] as [(ErrorLimit, Int, Int, Bool)])
    func isExceeded(limit: ErrorLimit, converted: Int, failed: Int, isExceeded: Bool) {
        let outcome = ImageOutcome(index: 0, source: .named("a.png"))
        let failure = outcome.failed(ImageFailure(.decode, kind: "malformed", "it is torn"))
        var counts = BatchCounts()
        for _ in 0..<converted { counts.add(outcome) }
        for _ in 0..<failed { counts.add(failure) }

        #expect(limit.isExceeded(by: counts) == isExceeded)
    }
}
