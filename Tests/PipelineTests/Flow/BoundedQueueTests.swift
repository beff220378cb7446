import Glibc
import Synchronization
import SystemCalls
import Testing

@testable import Pipeline

@Suite("A bounded queue", .timeLimit(.minutes(30)))
struct BoundedQueueTests {
    @Test("hands elements on in the order in which they came", arguments: [1, 2, 7])
    func keepsOrder(capacity: Int) throws {
        let queue = BoundedQueue<Int>(capacity: capacity, producerCount: 1)
        var producer = ThreadGroup()
        try producer.start(named: "producer") {
            for number in 0..<1000 { queue.push(number) }
            queue.producerFinished()
        }

        let popped = drain(queue)

        producer.join()
        #expect(popped == Array(0..<1000))
    }

    @Test("lets a producer be ahead by its capacity and no more", arguments: [1, 5])
    func holdsBack(capacity: Int) throws {
        let queue = BoundedQueue<Int>(capacity: capacity, producerCount: 1)
        let pushed = Counter()
        var producer = ThreadGroup()
        try producer.start(named: "producer") {
            for number in 0..<500 {
                queue.push(number)
                pushed.increment()
            }
            queue.producerFinished()
        }

        var lead = 0
        var popped = 0
        while true {
            lead = max(lead, pushed.value - popped)
            guard queue.pop() != nil else { break }
            popped += 1
        }

        producer.join()
        #expect(popped == 500)
        #expect(lead <= capacity)
    }

    @Test("is closed by the last of several producers, and loses nothing")
    func waitsForAllProducers() throws {
        let queue = BoundedQueue<Int>(capacity: 3, producerCount: 4)
        var producers = ThreadGroup()
        for first in stride(from: 0, to: 400, by: 100) {
            try producers.start(named: "producer") {
                for number in first..<first + 100 { queue.push(number) }
                queue.producerFinished()
            }
        }

        let popped = drain(queue)

        producers.join()
        #expect(popped.sorted() == Array(0..<400))
    }

    @Test("gives each element to one of several consumers", arguments: [nil, 3])
    func sharesOut(consumerCount: Int?) throws {
        let queue = BoundedQueue<Int>(
            capacity: 3, producerCount: 1, consumerCount: consumerCount)
        let popped = Mutex<[Int]>([])
        var consumers = ThreadGroup()
        for _ in 0..<3 {
            try consumers.start(named: "consumer") {
                while let number = queue.pop() { popped.withLock { $0.append(number) } }
            }
        }

        for number in 0..<300 { queue.push(number) }
        queue.producerFinished()

        consumers.join()
        #expect(popped.withLock { $0.sorted() } == Array(0..<300))
    }

    @Test("still gives what it holds after its producers ended")
    func emptiesAfterTheEnd() {
        let queue = BoundedQueue<Int>(capacity: 2, producerCount: 1)
        queue.push(1)
        queue.push(2)
        queue.producerFinished()

        #expect(queue.count == 2)
        #expect(drain(queue) == [1, 2])
        #expect(queue.count == 0)
    }

    @Test("that is closed at once lets a waiting producer go")
    func releasesProducers() throws {
        let queue = BoundedQueue<Int>(capacity: 1, producerCount: 1)
        var producer = ThreadGroup()
        try producer.start(named: "producer") {
            for number in 0..<10 { queue.push(number) }
        }

        queue.close()

        // Returns only if no push waits for ever.
        producer.join()
        #expect(drain(queue).count <= 1)
    }

    @Test("that is closed at once lets a waiting consumer go")
    func releasesConsumers() throws {
        let queue = BoundedQueue<Int>(capacity: 1, producerCount: 1)
        var consumer = ThreadGroup()
        let popped = Counter()
        try consumer.start(named: "consumer") {
            while queue.pop() != nil { popped.increment() }
        }

        queue.close()

        consumer.join()
        #expect(popped.value == 0)
    }

    @Test("takes more elements at once than it holds", arguments: [1, 4])
    func takesMany(capacity: Int) throws {
        let queue = BoundedQueue<Int>(capacity: capacity, producerCount: 1)
        var producer = ThreadGroup()
        try producer.start(named: "producer") {
            for first in stride(from: 0, to: 100, by: 10) {
                queue.push(contentsOf: Array(first..<first + 10))
            }
            queue.producerFinished()
        }

        let popped = drain(queue)

        producer.join()
        #expect(popped == Array(0..<100))
    }

    @Test("wakes a producer that found it full only when it is half empty")
    func wakesAtHalf() throws {
        let queue = BoundedQueue<Int>(capacity: 4, producerCount: 1)
        for number in 0..<4 { queue.push(number) }
        let pushed = Monitor(false)
        let thread = try DedicatedThread(named: "producer") {
            queue.push(4)
            pushed.withLock { $0 = true }
            pushed.wakeAll()
        }
        // It waits now, or will find the queue full.
        while !queue.isHoldingBack { sched_yield() }

        #expect(queue.pop() == 0)
        #expect(queue.isHoldingBack)
        #expect(queue.pop() == 1)
        pushed.waitUntil { $0 ? () : nil }
        thread.join()

        #expect(!queue.isHoldingBack)
        #expect(queue.count == 3)
    }

    @Test("leaves what comes to a consumer that is awake, until it is a backlog")
    func wakesSparingly() throws {
        let queue = BoundedQueue<Int>(capacity: 99, producerCount: 1, consumerCount: 2)
        let countsBehindFirst = Monitor<[Int]>([])
        let isReleased = Monitor(false)
        var consumers = ThreadGroup()
        for _ in 0..<2 {
            try consumers.start(named: "consumer") {
                guard let first = queue.pop() else { return }
                countsBehindFirst.withLock { $0.append(queue.count) }
                countsBehindFirst.wakeAll()
                if first == 0 { isReleased.waitUntil { $0 ? () : nil } }
                while queue.pop() != nil {}
            }
        }
        while queue.idleCount < 2 { sched_yield() }

        queue.push(0)
        countsBehindFirst.waitUntil { $0.count == 1 ? () : nil }
        for number in 1...16 { queue.push(number) }
        countsBehindFirst.waitUntil { $0.count == 2 ? () : nil }
        isReleased.withLock { $0 = true }
        isReleased.wakeAll()
        queue.producerFinished()
        consumers.join()

        #expect(countsBehindFirst.withLock { $0 } == [0, 15])
    }

    @Test("gives what is there without waiting, or nothing")
    func givesAtOnce() {
        let queue = BoundedQueue<Int>(capacity: 2, producerCount: 1)
        #expect(queue.popAtOnce() == nil)

        queue.push(7)

        #expect(queue.popAtOnce() == 7)
        #expect(queue.popAtOnce() == nil)
    }

    @Test("makes a producer wait for the bytes that the elements hold, but takes a large one alone")
    func isBoundedByBytes() throws {
        let queue = BoundedQueue<Int>(
            capacity: 8, producerCount: 1, byteCapacity: 10, weighedBy: { $0 })
        queue.push(100)
        let pushed = Monitor(false)
        let thread = try DedicatedThread(named: "producer") {
            queue.push(6)
            queue.push(5)
            pushed.withLock { $0 = true }
            pushed.wakeAll()
        }

        // Nothing fits beside the large one, and 5 not beside 6.
        #expect(queue.pop() == 100)
        #expect(queue.pop() == 6)
        pushed.waitUntil { $0 ? () : nil }
        thread.join()

        #expect(queue.pop() == 5)
    }

    private func drain(_ queue: BoundedQueue<Int>) -> [Int] {
        var elements: [Int] = []
        while let element = queue.pop() { elements.append(element) }
        return elements
    }
}

/// A number that several threads count up.
private final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .sequentiallyConsistent) }

    func increment() { count.add(1, ordering: .sequentiallyConsistent) }
}
