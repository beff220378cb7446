import Filters
import Profiling
import SystemCalls
import Workers

/// How long it takes until a thread or a worker is there.
enum StartTimes {
    /// The median time from the start of a thread to its end, when it does nothing, in nanoseconds.
    static func thread() throws(SystemCallError) -> Int64 {
        var times: [Int64] = []
        for _ in 0..<101 {
            let start = MonotonicInstant.now
            try DedicatedThread(named: "start") {}.join()
            times.append(MonotonicInstant.now.nanoseconds(since: start))
        }
        return median(times)
    }

    /// The median time from the spawn of a worker until it says that it is ready, in nanoseconds.
    static func worker(_ executable: String) throws -> Int64 {
        let chain = try FilterChain([])
        var times: [Int64] = []
        for _ in 0..<11 {
            var executor = try ChildProcessExecutor(
                chain: chain, executable: executable, byteCountLimit: 1 << 20, kind: .anonymous)
            let start = MonotonicInstant.now
            try executor.start()
            times.append(MonotonicInstant.now.nanoseconds(since: start))
        }
        return median(times)
    }

    private static func median(_ times: [Int64]) -> Int64 {
        times.sorted()[times.count / 2]
    }
}
