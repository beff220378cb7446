internal import Glibc

/// The processor time of this process and of the children that it has reaped.
public struct ProcessUsage: Sendable {
    /// Time in user code, in nanoseconds.
    public let userNanoseconds: Int64

    /// Time in the kernel, in nanoseconds.
    public let systemNanoseconds: Int64

    /// Both.
    public var nanoseconds: Int64 { userNanoseconds + systemNanoseconds }

    /// Asks getrusage(2) for this process and all children that were waited for; one that still
    /// runs, or was never waited for, does not count.
    public static func current() -> ProcessUsage {
        let usages = [usage(of: RUSAGE_SELF), usage(of: RUSAGE_CHILDREN)]
        return ProcessUsage(
            userNanoseconds: usages.reduce(0) { $0 + nanoseconds($1.ru_utime) },
            systemNanoseconds: usages.reduce(0) { $0 + nanoseconds($1.ru_stime) })
    }

    /// What was used from `earlier` to this usage.
    public func since(_ earlier: ProcessUsage) -> ProcessUsage {
        ProcessUsage(
            userNanoseconds: userNanoseconds - earlier.userNanoseconds,
            systemNanoseconds: systemNanoseconds - earlier.systemNanoseconds)
    }

    private static func usage(of who: __rusage_who) -> rusage {
        var usage = rusage()
        unsafe getrusage(who.rawValue, &usage)
        return usage
    }

    private static func nanoseconds(_ time: timeval) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1_000
    }
}
