import Filters
import Glibc
import Profiling
import SystemCalls
import Testing

@testable import Workers

@Suite("The policy of attempts")
struct AttemptPolicyTests {
    private static let crash = WorkerError.workerDied(.signaled(number: SIGSEGV), lastWords: "")
    private static let kill = WorkerError.workerDied(.signaled(number: SIGKILL), lastWords: "")
    private static let noStart = WorkerError.cannotStart(executable: "worker", reason: "")

    @Test(
        "condemns an image whose worker failed as often as there are retries, and once more",
        arguments: [
            crash, .workerDied(.exited(code: 0), lastWords: ""), .timedOut, .protocolViolated(""),
            .killedForMemory(limit: nil),
        ], [0, 1, 2])
    func condemnsAfterRetries(error: WorkerError, retries: Int) {
        var policy = AttemptPolicy(retries: retries)

        let decisions = (0...retries).map { _ in policy.decide(after: error) }

        let retried = [AttemptPolicy.Decision](
            repeating: .retry(afterNanoseconds: 0), count: retries)
        #expect(decisions == retried + [.condemn])
        #expect(policy.attempts == 1 + retries)
    }

    @Test("allows eight further attempts after kills that are not the image's doing")
    func allowsForeignKills() {
        var policy = AttemptPolicy(retries: 0)

        let decisions = (0...8).map { _ in policy.decide(after: Self.kill) }

        #expect(decisions.dropLast().allSatisfy { $0 == .retry(afterNanoseconds: 0) })
        #expect(decisions.last == .condemn)
        #expect(policy.attempts == 9)
    }

    @Test("counts foreign kills and the image's own faults apart")
    func countsApart() {
        var policy = AttemptPolicy(retries: 1)
        let errors = [Self.kill, Self.kill, Self.crash, Self.kill, Self.crash]

        let decisions = errors.map { policy.decide(after: $0) }

        #expect(decisions.dropLast().allSatisfy { $0 == .retry(afterNanoseconds: 0) })
        #expect(decisions.last == .condemn)
    }

    @Test("waits longer from start to start, and gives up after the fifth")
    func givesUp() {
        var policy = AttemptPolicy(retries: 0)

        let decisions = (1...5).map { _ in policy.decide(after: Self.noStart) }

        let pauses: [Int64] = [10_000_000, 20_000_000, 40_000_000, 80_000_000]
        #expect(decisions == pauses.map { .retry(afterNanoseconds: $0) } + [.giveUp])
    }

    @Test("gives up over images too, if none of them finds a worker")
    func givesUpOverImages() {
        var policy = AttemptPolicy(retries: 0)
        for _ in 1...4 {
            _ = policy.decide(after: Self.noStart)
            policy.beginImage()
        }

        #expect(policy.decide(after: Self.noStart) == .giveUp)
    }

    @Test("forgets starts that failed once a worker was reached", arguments: [crash, kill, nil])
    func forgetsFailedStarts(reached: WorkerError?) {
        var policy = AttemptPolicy(retries: 9)
        for _ in 1...4 { _ = policy.decide(after: Self.noStart) }

        if let reached { _ = policy.decide(after: reached) } else { policy.succeeded() }

        #expect(policy.decide(after: Self.noStart) == .retry(afterNanoseconds: 10_000_000))
    }

    @Test("begins each image anew")
    func beginsAnew() {
        var policy = AttemptPolicy(retries: 1)
        _ = policy.decide(after: Self.crash)
        for _ in 1...8 { _ = policy.decide(after: Self.kill) }

        policy.beginImage()

        #expect(policy.attempts == 1)
        #expect(policy.decide(after: Self.crash) == .retry(afterNanoseconds: 0))
        #expect(policy.decide(after: Self.kill) == .retry(afterNanoseconds: 0))
    }

    @Test(
        "condemns at once what another worker could not do either",
        arguments: [
            .filterFailed(.missingArgument(filter: "", key: "", allowed: "")),
            .filterRefused(""), .outOfMemory(.failed("posix_fallocate", errno: ENOSPC), needed: 1),
            .memoryLimitExceeded(needed: 2, limit: 1), .interrupted(.cancelled),
        ] as [WorkerError])
    func condemnsAtOnce(error: WorkerError) {
        var policy = AttemptPolicy(retries: 5)

        #expect(policy.decide(after: error) == .condemn)
        #expect(policy.attempts == 1)
    }

    @Test("ends after every sequence of faults", arguments: [[crash, kill], [crash, noStart]])
    func ends(errors: [WorkerError]) {
        // Each of three crashes, each after four failed starts, or three crashes and eight kills.
        #expect(longestSequence(of: errors, AttemptPolicy(retries: 2)) <= 15)
    }

    /// The number of errors after which `policy` has decided against another attempt for sure.
    private func longestSequence(of errors: [WorkerError], _ policy: AttemptPolicy) -> Int {
        errors.map { error in
            var policy = policy
            guard case .retry = policy.decide(after: error), policy.attempts < 100 else {
                return policy.attempts
            }
            return longestSequence(of: errors, policy)
        }.max() ?? 0
    }
}
