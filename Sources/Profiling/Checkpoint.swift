internal import Synchronization

/// Where long work asks whether it should go on.
///
/// A thread can't be killed, so decoders, encoders and filters that run in the parent call
/// ``check()`` at least every 16 rows. One checkpoint belongs to one attempt at one image; it may
/// be read on any thread.
public struct Checkpoint: Sendable {
    private let deadline: MonotonicInstant?
    private let cancellation: Cancellation?
    private let question: (@Sendable () -> Interruption?)?

    /// A checkpoint that lets everything pass.
    public static let none = Checkpoint(deadline: nil)

    /// Makes a checkpoint that stops work after `deadline` or once `cancellation` is set.
    public init(deadline: MonotonicInstant?, cancellation: Cancellation? = nil) {
        self.deadline = deadline
        self.cancellation = cancellation
        question = nil
    }

    /// Makes a checkpoint that asks `question`, for tests that stop work at one of its checks.
    init(asking question: @escaping @Sendable () -> Interruption?) {
        deadline = nil
        cancellation = nil
        self.question = question
    }

    /// Why the work should stop, or nil if it should go on; a clock read at most.
    public var interruption: Interruption? {
        if let cancellation, cancellation.isSet { return .cancelled }
        if let deadline, MonotonicInstant.now > deadline { return .deadlinePassed }
        return question?()
    }

    /// Throws if the work should stop; a clock read at most.
    public func check() throws(Interruption) {
        if let interruption { throw interruption }
    }
}

/// Why work was stopped before its end.
public enum Interruption: Error, Equatable {
    /// The image took longer than its time limit.
    case deadlinePassed

    /// The run is being ended at once.
    case cancelled
}

/// A flag that one thread sets and many read; once set it stays.
public final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Makes a flag that is not set.
    public init() {}

    /// Whether ``set()`` was called.
    public var isSet: Bool { flag.load(ordering: .relaxed) }

    /// Sets the flag; may be called from any thread.
    public func set() { flag.store(true, ordering: .relaxed) }
}
