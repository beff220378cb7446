internal import Filters
public import SystemCalls
internal import Workers

/// Waits until each lane of a run has its memory and its worker, or one says why it never will.
final class LaneStart: Sendable {
    private struct State: Sendable {
        var missing: Int
        var error: PipelineError?
    }

    private let state: Monitor<State>

    init(laneCount: Int) {
        state = Monitor(State(missing: laneCount))
    }

    /// Says that one lane is ready, or why it is not; called once by each lane.
    func report(_ error: PipelineError? = nil) {
        state.withLock {
            $0.missing -= 1
            $0.error = $0.error ?? error
        }
        state.wakeAll()
    }

    /// Waits for all lanes.
    ///
    /// - Returns: The first error, if there was one.
    func awaitAll() -> PipelineError? {
        state.waitUntil { $0.missing == 0 ? .some($0.error) : nil }
    }
}

extension ChildProcessExecutor {
    /// Starts the child, and tries again after a while where that fails.
    mutating func startPatiently(_ control: RunControl) throws(WorkerError) {
        var policy = AttemptPolicy(retries: 0)
        while true {
            do throws(WorkerError) {
                return try start()
            } catch {
                guard case .retry(let nanoseconds) = policy.decide(after: error),
                    !control.isDraining
                else { throw error }
                Pause.wait(nanoseconds: nanoseconds)
            }
        }
    }
}

extension SharedMemoryKind {
    /// A segment is taken from `/dev/shm` where that has at least this part of the memory budget:
    /// lanes seldom need all of it, and a container's 64 MiB are never enough.
    private static var neededPart: Int { 4 }

    /// Decides where segments come from, once for the run.
    ///
    /// - Parameter budget: The image memory that the run may use, in bytes.
    /// - Returns: The kind, and a sentence for the person if it is not the usual one.
    public static func choose(budget: Int) -> (kind: SharedMemoryKind, note: String?) {
        let reason: String
        do {
            let free = try SharedMemoryKind.freeByteCount()
            guard free < budget / neededPart else { return (.posix, nil) }
            reason = "/dev/shm has \(free >> 20) MiB free"
        } catch {
            reason = "/dev/shm cannot be used: \(error)"
        }
        return (.anonymous, "\(reason); pixels go through memfd_create instead")
    }
}

/// A wait for nothing but time, where a passing shortage is to pass.
enum Pause {
    static func wait(nanoseconds: Int64) {
        guard nanoseconds > 0 else { return }
        _ = Monitor(()).waitUntil(withinNanoseconds: nanoseconds) { _ in nil as Void? }
    }
}
