internal import Glibc

/// A moment on the machine's monotonic clock, the same for all of its processes.
///
/// It is `CLOCK_MONOTONIC` of clock_gettime(2), which no change of the wall clock moves. The
/// standard library's clocks would bring the concurrency runtime into the worker.
public struct MonotonicInstant: Hashable, Comparable, Sendable {
    /// Nanoseconds since an arbitrary moment before this process.
    public let nanoseconds: Int64

    /// Adopts a moment that this or another process of this machine measured.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// This moment; about 25 ns a call.
    public static var now: MonotonicInstant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(
            nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// The moment that is `nanoseconds` later.
    public func advanced(byNanoseconds nanoseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: self.nanoseconds &+ nanoseconds)
    }

    /// The nanoseconds from `earlier` to this moment.
    ///
    /// It wraps around rather than traps, since a moment may come from another process.
    public func nanoseconds(since earlier: MonotonicInstant) -> Int64 {
        nanoseconds &- earlier.nanoseconds
    }

    /// Whether the left moment is before the right one.
    public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
