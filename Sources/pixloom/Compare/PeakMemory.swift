import Glibc
import SystemCalls

/// The high-water mark of this process, which several runs in one process would share.
enum PeakMemory {
    /// Gives free memory back and begins the mark anew: `5` to clear_refs, proc_pid_clear_refs(5).
    ///
    /// Where that is not allowed, the mark stays and later runs show at least what earlier ones had.
    static func reset() {
        CurrentProcess.giveFreeMemoryBack()
        let number = unsafe open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
        guard number != -1 else { return }
        let file = OwnedDescriptor(adopting: number)
        var code = UInt8(ascii: "5")
        _ = unsafe write(file.rawValue, &code, 1)
    }
}
