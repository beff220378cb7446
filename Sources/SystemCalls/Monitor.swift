internal import Glibc

/// State that several threads share, and a condition that they wait for: a mutex and a condition
/// variable of POSIX threads.
///
/// `Synchronization.Mutex` has no condition variable; this is the one place that has.
@safe
public final class Monitor<State>: @unchecked Sendable {
    // `@unchecked Sendable` holds because `state` is reached only between lock and unlock.
    private var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// Makes a monitor around `state`.
    public init(_ state: sending State) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        // The wall clock may jump while somebody waits.
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Lends the state to `body` while no other thread has it.
    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Waits until `body` returns a value for the state, which it may change.
    ///
    /// `body` runs once at once, and again after each ``wakeAll()``, ``wakeOne()`` and spurious
    /// wake-up.
    public func waitUntil<Result>(
        _ body: (inout State) -> sending Result?
    ) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            unsafe pthread_cond_wait(condition, mutex)
        }
    }

    /// Waits as ``waitUntil(_:)`` does, for at most a number of nanoseconds.
    ///
    /// - Returns: What `body` returned, or nil if the time passed.
    public func waitUntil<Result>(
        withinNanoseconds nanoseconds: Int64, _ body: (inout State) -> sending Result?
    ) -> sending Result? {
        var end = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &end)
        let total = Int64(end.tv_nsec) + nanoseconds
        end.tv_sec += Int(total / 1_000_000_000)
        end.tv_nsec = Int(total % 1_000_000_000)
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            if unsafe pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT {
                return body(&state)
            }
        }
    }

    /// Wakes one waiting thread.
    public func wakeOne() { unsafe pthread_cond_signal(condition) }

    /// Wakes all waiting threads.
    public func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}
