internal import SystemCalls

/// Where one kind of thread hands images to the next: first in, first out, with limits that make
/// the faster side wait (back-pressure): a number of elements, and the bytes that they hold.
///
/// A producer that found the queue full sleeps until it is half empty, so that waking it is paid
/// once for many elements and not for each. Where consumers are counted, one that is awake is left to
/// take what comes, and others are woken only for a backlog.
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State: Sendable {
        var elements: [Element?] = []
        var first = 0
        var count = 0
        var byteCount = 0
        var producerCount: Int

        /// Whether a producer may be waiting for room.
        var isHoldingBack = false

        /// The consumers that wait for an element.
        var idleCount = 0

        /// Whether one of them was woken when all waited, and has not come yet.
        var isWaking = false
    }

    /// Which of the consumers that wait an element makes necessary.
    private enum Need: Comparable {
        case nobody
        case anybody
        case everybody
    }

    private enum Condition {
        static var notEmpty: Int { 0 }
        static var notFull: Int { 1 }
    }

    private let capacity: Int
    private let byteCapacity: Int
    private let consumerCount: Int?
    private let byteCount: @Sendable (Element) -> Int
    private let state: Monitor<State>

    /// The backlog that is worth waking a second consumer: what one does in about the time that it
    /// takes until another runs.
    private static var backlogCount: Int { 16 }
    private static var backlogByteCount: Int { 1 << 18 }

    /// Makes a queue.
    ///
    /// - Parameters:
    ///   - capacity: The elements that it holds at most, at least 1.
    ///   - producerCount: The threads that push; after the last ``producerFinished()`` it is closed.
    ///   - consumerCount: The threads that pop, where they are to be woken sparingly.
    ///   - byteCapacity: The bytes that the elements hold at most; a single one may hold more.
    ///   - byteCount: The bytes that an element holds, the same whenever it is asked.
    init(
        capacity: Int, producerCount: Int, consumerCount: Int? = nil, byteCapacity: Int = .max,
        weighedBy byteCount: @escaping @Sendable (Element) -> Int = { _ in 0 }
    ) {
        self.capacity = capacity
        self.byteCapacity = byteCapacity
        self.consumerCount = consumerCount
        self.byteCount = byteCount
        let elements = [Element?](repeating: nil, count: capacity)
        state = Monitor(
            State(elements: elements, producerCount: producerCount), conditionCount: 2)
    }

    /// Appends an element, and waits while the queue is full; drops it if the queue is closed.
    func push(_ element: Element) {
        if append(element) != .nobody { state.wakeOne(on: Condition.notEmpty) }
    }

    /// Appends elements one after the other, as ``push(_:)`` does, but wakes the consumers only
    /// once.
    func push(contentsOf elements: [Element]) {
        var need = Need.nobody
        for element in elements { need = max(need, append(element)) }
        switch need {
        case .nobody: break
        case .anybody: state.wakeOne(on: Condition.notEmpty)
        case .everybody: state.wakeAll(on: Condition.notEmpty)
        }
    }

    /// Takes the first element, and waits while there is none; nil once the queue is closed and
    /// empty.
    func pop() -> Element? {
        var isIdle = false
        let (element, makesRoom) = state.waitUntil(on: Condition.notEmpty) {
            [self] state -> (Element?, Bool)? in
            if isIdle { state.isWaking = false }
            guard state.count > 0 || state.producerCount <= 0 else {
                if !isIdle { state.idleCount += 1 }
                isIdle = true
                return nil
            }
            if isIdle { state.idleCount -= 1 }
            return state.count > 0 ? takeFirst(&state) : (nil, false)
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

    private func append(_ element: Element) -> Need {
        let weight = byteCount(element)
        return state.waitUntil(on: Condition.notFull) { [self] state -> Need? in
            guard state.producerCount > 0 else { return .nobody }
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
            return need(&state)
        }
    }

    /// Who is to be woken for an element that was appended.
    private func need(_ state: inout State) -> Need {
        guard let consumerCount, state.count < Self.backlogCount,
            state.byteCount < Self.backlogByteCount
        else { return .everybody }
        if state.isWaking || state.idleCount < consumerCount { return .nobody }
        state.isWaking = true
        return .anybody
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

    /// The consumers that wait now.
    var idleCount: Int { state.withLock { $0.idleCount } }

    /// The elements that wait now.
    var count: Int { state.withLock { $0.count } }
}
