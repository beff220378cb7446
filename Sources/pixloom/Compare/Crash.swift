import Glibc
import Profiling
import SystemCalls

extension CurrentProcess {
    /// Kills a child as the kernel does when memory runs out, in the middle of its work: one that
    /// waits for a request would be missed by nobody.
    ///
    /// Gives up after some seconds without a child that works, as where no filter has anything to
    /// do.
    static func killWorkingChild() {
        let limit = MonotonicInstant.now.advanced(byNanoseconds: 5_000_000_000)
        while MonotonicInstant.now < limit {
            for child in childIDs() where isRunning(child) {
                kill(child, SIGKILL)
                return
            }
            usleep(200)
        }
    }

    /// Whether the process is on a processor or waits for one: state `R` of proc_pid_stat(5).
    private static func isRunning(_ process: CInt) -> Bool {
        // The name before the state is in parentheses and may hold anything.
        let text = SystemFile.text("/proc/\(process)/stat")
        guard let end = text.lastIndex(of: ")") else { return false }
        return text[end...].dropFirst(2).first == "R"
    }
}
