import Synchronization

/// Counts calls, on any thread.
final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    /// 1, then 2, and so on.
    func next() -> Int {
        count.add(1, ordering: .relaxed).newValue
    }
}
