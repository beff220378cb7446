import TestSupport
import Testing

@Suite("The checker of traces")
struct TraceCheckerTests {
    @Test("finds slices that overlap without nesting")
    func findsOverlap() {
        #expect(!TraceChecker.violations(of: [slice(0, 10), slice(5, 10)]).isEmpty)
        #expect(TraceChecker.violations(of: [slice(5, 2), slice(0, 10)]).isEmpty)
    }

    @Test("finds slices that are out of order")
    func findsDisorder() {
        #expect(!TraceChecker.violations(of: [slice(20, 5), slice(0, 5)]).isEmpty)
    }

    @Test("finds missing fields", arguments: ["name", "pid", "ts", "dur", "ph"])
    func findsMissing(field: String) {
        var event = slice(0, 1)
        event[field] = nil

        #expect(!TraceChecker.violations(of: [event]).isEmpty)
    }

    private func slice(_ start: Double, _ duration: Double) -> [String: Any] {
        ["ph": "X", "name": "s", "pid": 1, "tid": 1, "ts": start, "dur": duration]
    }
}
