internal import CLinuxShims
internal import Glibc

/// What this process can find out about itself and ask of the kernel.
public enum CurrentProcess {
    /// The number of this process.
    public static var id: CInt { getpid() }

    /// The absolute path of the executable that this process runs, or nil without `/proc`.
    public static var executablePath: String? {
        var path = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &path, path.count)
        guard count > 0, count < path.count else { return nil }
        return String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes this process, a child, end with its parent, end at once where it crashes, leave no core
    /// file and be the first that the kernel kills when memory runs out.
    ///
    /// - Parameter parent: The process that spawned this one.
    /// - Returns: False if that process is gone already.
    public static func bindLife(to parent: CInt) -> Bool {
        _ = pixloom_set_parent_death_signal(SIGKILL)
        // Swift's runtime would start a program that prints a backtrace for a second first.
        for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP] {
            signal(number, SIG_DFL)
        }
        // First: the files of /proc of a process that is not dumpable belong to root.
        preferForMemoryKill()
        // The limit alone does not keep core(5) from being piped to a program.
        _ = pixloom_set_dumpable(0)
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        // The parent may have died before the signal was asked for.
        return getppid() == parent
    }

    /// Writes to `/proc/self/oom_score_adj`; where that is not allowed nothing is lost.
    private static func preferForMemoryKill() {
        let descriptor = unsafe open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
        guard descriptor != -1 else { return }
        let file = OwnedDescriptor(adopting: descriptor)
        let score: StaticString = "500"
        _ = unsafe write(file.rawValue, score.utf8Start, score.utf8CodeUnitCount)
    }

    /// Lets the heap keep freed memory for the next image: mallopt(3).
    ///
    /// Otherwise what a library takes for each photograph is mapped, touched for the first time and
    /// unmapped again, which is a fifth of the time of a thumbnail. Call it before other threads
    /// exist.
    public static func keepFreedMemory() { pixloom_keep_freed_memory(32 << 20, 64 << 20) }

    /// Gives the free memory of the heap back to the system: malloc_trim(3).
    public static func giveFreeMemoryBack() { pixloom_trim_heap() }

    /// Ends the process at once, without flushing or destroying anything.
    public static func exit(_ code: CInt) -> Never { _exit(code) }
}
