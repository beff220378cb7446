internal import SystemCalls

/// Where one kind of thread hands images to the next: first in, first out, with a limit that makes
/// the faster side wait (back-pressure).
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State: Sendable {
        var elements: [Element?] = []
        var first = 0
        var count = 0
        var producerCount: Int
    }

    private enum Condition {
        static var notEmpty: Int { 0 }
        static var notFull: Int { 1 }
    }

    private let capacity: Int
    private let state: Monitor<State>

    /// Makes a queue.
    ///
    /// - Parameters:
    ///   - capacity: The elements that it holds at most, at least 1.
    ///   - producerCount: The threads that push; after the last ``producerFinished()`` it is closed.
    init(capacity: Int, producerCount: Int) {
        self.capacity = capacity
        let elements = [Element?](repeating: nil, count: capacity)
        state = Monitor(
            State(elements: elements, producerCount: producerCount), conditionCount: 2)
    }

    /// Appends an element, and waits while the queue is full; drops it if the queue is closed.
    func push(_ element: Element) {
        state.waitUntil(on: Condition.notFull) { [capacity] state -> Void? in
            guard state.producerCount > 0 else { return () }
            guard state.count < capacity else { return nil }
            state.elements[(state.first + state.count) % capacity] = element
            state.count += 1
            return ()
        }
        state.wakeOne(on: Condition.notEmpty)
    }

    /// Takes the first element, and waits while there is none; nil once the queue is closed and
    /// empty.
    func pop() -> Element? {
        let element = state.waitUntil(on: Condition.notEmpty) { [capacity] state -> Element?? in
            guard state.count > 0 else { return state.producerCount <= 0 ? .some(nil) : nil }
            let element = state.elements[state.first].take()
            state.first = (state.first + 1) % capacity
            state.count -= 1
            return .some(element)
        }
        state.wakeOne(on: Condition.notFull)
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
