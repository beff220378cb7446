import SystemCalls
import Testing

@Suite("A monitor", .timeLimit(.minutes(30)))
struct MonitorTests {
    @Test("loses no change of several threads")
    func losesNothing() throws {
        let counter = Monitor(0)

        for thread in [try counting(counter), try counting(counter)] { thread.join() }

        #expect(counter.withLock { $0 } == 20_000)
    }

    @Test("lets a thread wait for what another does")
    func waits() throws {
        let flag = Monitor(false)
        let thread = try DedicatedThread(named: "setter") {
            flag.withLock { $0 = true }
            flag.wakeAll()
        }

        flag.waitUntil { $0 ? () : nil }

        thread.join()
        #expect(flag.withLock { $0 })
    }

    @Test("gives up waiting when the time has passed")
    func givesUp() {
        let flag = Monitor(false)

        let answer: Bool? = flag.waitUntil(withinNanoseconds: 1_000_000) { $0 ? true : nil }

        #expect(answer == nil)
    }

    private func counting(_ counter: Monitor<Int>) throws -> Joinable {
        Joinable(
            try DedicatedThread(named: "counter") {
                for _ in 0..<10_000 { counter.withLock { $0 += 1 } }
            })
    }
}

/// A thread in an array, which holds no noncopyable values.
private final class Joinable {
    private var thread: DedicatedThread?

    init(_ thread: consuming DedicatedThread) { self.thread = consume thread }

    func join() { thread.take()?.join() }
}
