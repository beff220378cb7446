internal import CLinuxShims
internal import Glibc

/// What the machine, or the part of it that this process may use, offers.
public enum Machine {
    /// The processors that this process may run on, at least 1: sched_getaffinity(2).
    public static var processorCount: Int { max(1, Int(pixloom_allowed_processor_count())) }

    /// The processors that this process may keep busy, at least 1: all that it may run on, or what
    /// its control group allows if that is less.
    public static var allowedProcessorCount: Int {
        allowedProcessorCount(of: processorCount, quota: ControlGroup().processorQuota)
    }

    /// A part of a processor counts as one: its owner wants it used.
    static func allowedProcessorCount(of count: Int, quota: Double?) -> Int {
        guard let quota, quota < Double(count) else { return count }
        return max(1, Int(quota.rounded(.up)))
    }

    /// The descriptors that this process may have open: the soft limit of RLIMIT_NOFILE.
    public static var descriptorLimit: Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return 1024
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Lets this process have as many descriptors as the hard limit of RLIMIT_NOFILE allows.
    ///
    /// - Returns: ``descriptorLimit`` then.
    public static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        if unsafe getrlimit(resource, &limit) == 0 {
            limit.rlim_cur = limit.rlim_max
            // A refusal leaves the limit as it was.
            _ = unsafe setrlimit(resource, &limit)
        }
        return descriptorLimit
    }

    /// Makes room for so many descriptors at once, as long as this process has one thread.
    ///
    /// With several, each growth of the kernel's table waits for all processors to let go of the
    /// old one, which was 15 ms at every power of two from 256 on.
    public static func reserveDescriptors(_ count: Int) {
        let last = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, CInt(clamping: count - 1))
        // Without it the table grows as it must.
        if last >= 0 { close(last) }
    }

    /// The machine's name, or `localhost` where it has none.
    public static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The bytes of memory of the machine.
    public static var memoryByteCount: Int {
        Int(sysconf(CInt(_SC_PHYS_PAGES))) * Int(sysconf(CInt(_SC_PAGESIZE)))
    }

    /// The bytes of memory that this process may use: the machine's, or what its control group
    /// allows if that is less.
    public static var allowedMemoryByteCount: Int {
        min(memoryByteCount, ControlGroup().memoryByteCount ?? .max)
    }
}
