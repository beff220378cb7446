internal import CLinuxShims
internal import Glibc

/// Signals that end a program, turned into calls on a thread of their own.
///
/// The signals are blocked in the whole process and taken with sigwait(3), so no code runs in a
/// signal handler and no system call is interrupted.
public enum SignalWatch {
    /// Begins to watch SIGINT, SIGTERM and SIGHUP, and ignores SIGPIPE and SIGXFSZ, so that a closed
    /// pipe and a file that grows beyond its limit are errors of their write.
    ///
    /// Those of them that were ignored when the program was started stay so: nohup(1) and shells
    /// that start commands in the background ask for it.
    ///
    /// Call it once, from the main thread, before any other thread exists: they inherit the block.
    ///
    /// - Parameter body: Called for each signal with its number, on the watching thread.
    /// - Throws: ``SystemCallError`` if no thread can be made.
    public static func start(
        _ body: @escaping @Sendable (_ number: CInt) -> Void
    ) throws(SystemCallError) {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // Blocked, an ignored signal would be taken by sigwait(3) all the same.
        let watched = [SIGINT, SIGTERM, SIGHUP].filter { pixloom_is_ignored($0) == 0 }
        let signals = signalSet(watched)
        unsafe withUnsafePointer(to: signals) { _ = unsafe pthread_sigmask(SIG_BLOCK, $0, nil) }
        try DedicatedThread(named: "signals") {
            var signals = signalSet(watched)
            while true {
                var number: CInt = 0
                if unsafe sigwait(&signals, &number) == 0 { body(number) }
            }
        }.detach()
    }
}

private func signalSet(_ numbers: [CInt]) -> sigset_t {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in numbers { unsafe sigaddset(&signals, number) }
    return signals
}
