internal import SystemCalls

/// Where one kind of thread hands images to the next: first in, first out, with limits that make
/// the faster side wait (back-pressure): a number of elements, and the bytes that they hold.
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State: Sendable {
        var elements: [Element?] = []
        var first = 0
        var count = 0
        var byteCount = 0
        var producerCount: Int
    }

    private enum Condition {
        static var notEmpty: Int { 0 }
        static var notFull: Int { 1 }
    }

    private let capacity: Int
    private let byteCapacity: Int
    private let byteCount: @Sendable (Element) -> Int
    private let state: Monitor<State>

    /// Makes a queue.
    ///
    /// - Parameters:
    ///   - capacity: The elements that it holds at most, at least 1.
    ///   - producerCount: The threads that push; after the last ``producerFinished()`` it is closed.
    ///   - byteCapacity: The bytes that the elements hold at most; a single one may hold more.
    ///   - byteCount: The bytes that an element holds, the same whenever it is asked.
    init(
        capacity: Int, producerCount: Int, byteCapacity: Int = .max,
        weighedBy byteCount: @escaping @Sendable (Element) -> Int = { _ in 0 }
    ) {
        self.capacity = capacity
        self.byteCapacity = byteCapacity
        self.byteCount = byteCount
        let elements = [Element?](repeating: nil, count: capacity)
        state = Monitor(
            State(elements: elements, producerCount: producerCount), conditionCount: 2)
    }

    /// Appends an element, and waits while the queue is full; drops it if the queue is closed.
    func push(_ element: Element) {
        let weight = byteCount(element)
        state.waitUntil(on: Condition.notFull) { [capacity, byteCapacity] state -> Void? in
            guard state.producerCount > 0 else { return () }
            guard state.count < capacity,
                state.count == 0 || weight <= byteCapacity - state.byteCount
            else { return nil }
            state.elements[(state.first + state.count) % capacity] = element
            state.count += 1
            state.byteCount += weight
            return ()
        }
        state.wakeOne(on: Condition.notEmpty)
    }

    /// Takes the first element, and waits while there is none; nil once the queue is closed and
    /// empty.
    func pop() -> Element? {
        let element = state.waitUntil(on: Condition.notEmpty) {
            [capacity, byteCount] state -> Element?? in
            guard state.count > 0 else { return state.producerCount <= 0 ? .some(nil) : nil }
            let element = state.elements[state.first].take()
            state.first = (state.first + 1) % capacity
            state.count -= 1
            if let element { state.byteCount -= byteCount(element) }
            return .some(element)
        }
        // With weights, the one that is woken may not fit where another would.
        byteCapacity == .max
            ? state.wakeOne(on: Condition.notFull) : state.wakeAll(on: Condition.notFull)
        return element
    }

    /// Says that one of the threads that push has ended; after the last one no more will come.
    func producerFinished() {
        state.withLock { $0.producerCount -= 1 }
        state.wakeAll(on: Condition.notEmpty)
    }

    /// Closes the queue at once, because the threads that should use it do not all exist.
    func close() {
        state.withLock { $0.producerCount = 0 }
        state.wakeAll(on: Condition.notEmpty)
        state.wakeAll(on: Condition.notFull)
    }

    /// The elements that wait now.
    var count: Int { state.withLock { $0.count } }
}
