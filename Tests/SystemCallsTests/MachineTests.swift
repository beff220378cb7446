import Testing

@testable import SystemCalls

@Suite("A machine")
struct MachineTests {
    @Test(
        "has as many processors for this process as its control group allows",
        arguments: [
            (64, 2.0, 2), (64, 1.5, 2), (64, 0.1, 1), (2, 8.0, 2), (4, nil, 4),
        ] as [(Int, Double?, Int)])
    func allowsProcessors(count: Int, quota: Double?, allowed: Int) {
        #expect(Machine.allowedProcessorCount(of: count, quota: quota) == allowed)
    }
}
