internal import Glibc

/// State that several threads share, and conditions that they wait for: a mutex and condition
/// variables of POSIX threads.
///
/// `Synchronization.Mutex` has no condition variable; this is the one place that has. Threads that
/// wait for different things of one state wait on different conditions, numbered from 0, so that
/// each wakes only those whom it concerns.
///
/// What is called for each image is inlinable: a generic call between modules would copy the
/// state's elements by way of tables.
@safe
public final class Monitor<State>: @unchecked Sendable {
    // `@unchecked Sendable` holds because `state` is reached only between lock and unlock.
    @usableFromInline var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let conditions: UnsafeMutableBufferPointer<pthread_cond_t>

    /// Makes a monitor around `state`.
    ///
    /// - Parameters:
    ///   - state: What the threads share.
    ///   - conditionCount: The number of things to wait for.
    public init(_ state: sending State, conditionCount: Int = 1) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe conditions = .allocate(capacity: conditionCount)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        // The wall clock may jump while somebody waits.
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        for index in unsafe conditions.indices {
            unsafe pthread_cond_init(address(of: index), &attributes)
        }
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        for index in unsafe conditions.indices {
            unsafe pthread_cond_destroy(address(of: index))
        }
        unsafe pthread_mutex_destroy(mutex)
        unsafe conditions.deallocate()
        unsafe mutex.deallocate()
    }

    /// Lends the state to `body` while no other thread has it.
    @inlinable
    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        lock()
        defer { unlock() }
        return try body(&state)
    }

    /// Waits until `body` returns a value for the state, which it may change.
    ///
    /// `body` runs once at once, and again after each wake-up, called for or spurious.
    @inlinable
    public func waitUntil<Result>(
        on condition: Int = 0, _ body: (inout State) -> sending Result?
    ) -> sending Result {
        lock()
        defer { unlock() }
        while true {
            if let result = body(&state) { return result }
            wait(on: condition)
        }
    }

    /// Waits as ``waitUntil(on:_:)`` does on condition 0, for at most a number of nanoseconds.
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
        lock()
        defer { unlock() }
        while true {
            if let result = body(&state) { return result }
            if unsafe pthread_cond_timedwait(address(of: 0), mutex, &end) == ETIMEDOUT {
                return body(&state)
            }
        }
    }

    @usableFromInline
    func lock() { unsafe pthread_mutex_lock(mutex) }

    @usableFromInline
    func unlock() { unsafe pthread_mutex_unlock(mutex) }

    /// Unlocks until somebody wakes this thread, or nobody does.
    @usableFromInline
    func wait(on condition: Int) { unsafe pthread_cond_wait(address(of: condition), mutex) }

    /// Wakes one thread that waits on a condition.
    public func wakeOne(on condition: Int = 0) {
        unsafe pthread_cond_signal(address(of: condition))
    }

    /// Wakes all threads that wait on a condition.
    public func wakeAll(on condition: Int = 0) {
        unsafe pthread_cond_broadcast(address(of: condition))
    }

    private func address(of condition: Int) -> UnsafeMutablePointer<pthread_cond_t> {
        guard let start = unsafe conditions.baseAddress, unsafe condition < conditions.count else {
            preconditionFailure("condition \(condition) of a monitor with fewer")
        }
        return unsafe start + condition
    }
}
