internal import CLinuxShims
internal import Glibc

/// A thread of its own for work that blocks; its owner joins it.
///
/// The cooperative pool of Swift concurrency is as wide as the machine and must never wait for a
/// disk or a child. Threads are named, so that `top -H` and a debugger can tell them apart.
@safe
public struct DedicatedThread: ~Copyable {
    private let thread: pthread_t

    /// Starts `body` on a new thread.
    ///
    /// - Parameters:
    ///   - name: Shown by the system; at most 15 bytes are kept.
    ///   - body: What the thread does.
    /// - Throws: ``SystemCallError`` if no thread can be made.
    public init(
        named name: String, _ body: @escaping @Sendable () -> Void
    ) throws(SystemCallError) {
        let start = unsafe Unmanaged.passRetained(ThreadStart(name: name, body: body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
                _ = unsafe pixloom_set_thread_name(start.name)
                start.body()
                return nil
            }, unsafe start.toOpaque())
        guard code == 0 else {
            unsafe start.release()
            throw .failed("pthread_create", errno: code)
        }
        self.thread = thread
    }

    /// Waits for the thread's end.
    public consuming func join() {
        pthread_join(thread, nil)
        discard self
    }

    /// Gives up the thread, which the caller then joins.
    consuming func release() -> pthread_t {
        let thread = self.thread
        discard self
        return thread
    }

    /// Lets the thread run until the process ends.
    public consuming func detach() {
        pthread_detach(thread)
        discard self
    }

    deinit {
        // Whoever forgets to join still may not leave the thread behind.
        pthread_join(thread, nil)
    }
}

private final class ThreadStart: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}
