import Synchronization
import SystemCalls
import Testing

@testable import Pipeline

@Suite("A memory budget", .timeLimit(.minutes(30)))
struct MemoryBudgetTests {
    @Test("gives room as long as it has some")
    func givesRoom() {
        let budget = MemoryBudget(byteCount: 10)

        #expect(budget.acquireAtOnce(6))
        #expect(!budget.acquireAtOnce(5))
        #expect(budget.acquireAtOnce(4))
        budget.release(6)
        #expect(budget.acquireAtOnce(5))
    }

    @Test("gives all of itself to one image")
    func givesAll() {
        let budget = MemoryBudget(byteCount: 10)

        budget.acquire(10)

        #expect(!budget.acquireAtOnce(1))
    }

    @Test("lets no small image overtake a large one that waits")
    func keepsOrder() throws {
        let budget = MemoryBudget(byteCount: 10)
        budget.acquire(6)
        var lanes = ThreadGroup()
        try lanes.start(named: "large") {
            budget.acquire(8)
            budget.release(8)
        }

        // Four bytes are free: the refusal means that the large image waits by now.
        let deadline = ContinuousClock.now + .seconds(30)
        while budget.acquireAtOnce(1), ContinuousClock.now < deadline { budget.release(1) }
        #expect(!budget.acquireAtOnce(4))
        budget.release(6)

        lanes.join()
        #expect(budget.acquireAtOnce(10))
    }

    @Test("never lends more than it has, whoever asks")
    func neverLendsMore() throws {
        let budget = MemoryBudget(byteCount: 10)
        let lent = Mutex((now: 0, most: 0))
        var lanes = ThreadGroup()
        for size in [1, 3, 7, 10] {
            try lanes.start(named: "lane") {
                for _ in 0..<200 {
                    budget.acquire(size)
                    lent.withLock {
                        $0.now += size
                        $0.most = max($0.most, $0.now)
                    }
                    lent.withLock { $0.now -= size }
                    budget.release(size)
                }
            }
        }

        lanes.join()
        #expect(lent.withLock { $0.most } <= 10)
        #expect(budget.acquireAtOnce(10))
    }
}
