internal import Glibc

/// Threads that begin one by one and are waited for together.
public struct ThreadGroup: ~Copyable {
    private var threads: [pthread_t] = []

    /// Makes a group without threads.
    public init() {}

    deinit {
        // Whoever forgets to join still may not leave threads behind.
        for thread in threads { pthread_join(thread, nil) }
    }

    /// Starts `body` on a new thread.
    ///
    /// - Parameters:
    ///   - name: Shown by the system; at most 15 bytes are kept.
    ///   - body: What the thread does.
    /// - Throws: ``SystemCallError`` if no thread can be made.
    public mutating func start(
        named name: String, _ body: @escaping @Sendable () -> Void
    ) throws(SystemCallError) {
        threads.append(try DedicatedThread(named: name, body).release())
    }

    /// Waits for the end of all threads.
    public mutating func join() {
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }
}
