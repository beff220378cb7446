internal import SystemCalls

/// Where one kind of thread hands images to the next: first in, first out, with limits that make
/// the faster side wait (back-pressure): a number of elements, and the bytes that they hold.
///
/// A producer that found the queue full sleeps until it is half empty, so that waking it is paid
/// once for many elements and not for each.
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State: Sendable {
        var elements: [Element?] = []
        var first = 0
        var count = 0
        var byteCount = 0
        var producerCount: Int

        /// Whether a producer may be waiting for room.
        var isHoldingBack = false
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
        append(element)
        state.wakeOne(on: Condition.notEmpty)
    }

    /// Appends elements one after the other, as ``push(_:)`` does, but wakes the consumers only
    /// once.
    func push(contentsOf elements: [Element]) {
        for element in elements { append(element) }
        state.wakeAll(on: Condition.notEmpty)
    }

    /// Takes the first element, and waits while there is none; nil once the queue is closed and
    /// empty.
    func pop() -> Element? {
        let (element, makesRoom) = state.waitUntil(on: Condition.notEmpty) {
            [self] state -> (Element?, Bool)? in
            if state.count > 0 { return takeFirst(&state) }
            return state.producerCount <= 0 ? (nil, false) : nil
        }
        if makesRoom { state.wakeAll(on: Condition.notFull) }
        return element
    }

    /// Takes the first element if there is one now.
    func popAtOnce() -> Element? {
        let (element, makesRoom) = state.withLock { state in
            state.count > 0 ? takeFirst(&state) : (nil, false)
        }
        if makesRoom { state.wakeAll(on: Condition.notFull) }
        return element
    }

    private func append(_ element: Element) {
        let weight = byteCount(element)
        state.waitUntil(on: Condition.notFull) { [self] state -> Void? in
            guard state.producerCount > 0 else { return () }
            guard state.count < capacity,
                state.count == 0 || weight <= byteCapacity - state.byteCount
            else {
                state.isHoldingBack = true
                // Of what came before in one call the consumers may not know yet.
                self.state.wakeAll(on: Condition.notEmpty)
                return nil
            }
            state.elements[(state.first + state.count) % capacity] = element
            state.count += 1
            state.byteCount += weight
            return ()
        }
    }

    /// Takes the first of at least one element.
    ///
    /// - Returns: The element, and whether the producers that wait are to be woken.
    private func takeFirst(_ state: inout State) -> (Element?, Bool) {
        let element = state.elements[state.first].take()
        state.first = (state.first + 1) % capacity
        state.count -= 1
        if let element { state.byteCount -= byteCount(element) }
        guard state.isHoldingBack, state.count <= capacity / 2,
            state.count == 0 || state.byteCount <= byteCapacity / 2
        else { return (element, false) }
        state.isHoldingBack = false
        return (element, true)
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

    /// Whether a producer found no room since the queue was last half empty.
    var isHoldingBack: Bool { state.withLock { $0.isHoldingBack } }

    /// The elements that wait now.
    var count: Int { state.withLock { $0.count } }
}
