import Profiling
import Testing

@Suite("A profile")
struct ProfileTests {
    @Test("adds up the stages of all threads to the time of the lanes")
    func stagesSumUp() {
        var profile = Profile()
        for lane in 0..<3 {
            profile.add(
                .lane,
                [
                    Step(.decode, 4 * millisecond, count: 50),
                    Step(.filter, 2 * millisecond, count: 50),
                    Step(.waitForFetched, millisecond, count: lane),
                ])
        }

        let total = profile.stages.reduce(0) { $0 + $1.durations.total }

        #expect(total == profile.nanoseconds(of: .lane))
        #expect(profile.busyNanoseconds(of: .lane) == 900 * millisecond)
        #expect(profile.utilisation(of: .lane) == 900.0 / 903)
    }

    @Test("gives each stage its share of the time of its own kind of thread")
    func shares() throws {
        var profile = Profile()
        profile.add(.lane, [Step(.decode, 3 * second), Step(.encode, second)])
        profile.add(.io, [Step(.fetch, second), Step(.waitForLane, 4 * second)])

        let shares = profile.stages.map { "\($0.stage) \($0.share)" }

        #expect(shares == ["decode 0.75", "encode 0.25", "fetch 0.2", "waitForLane 0.8"])
    }

    @Test("measures MB/s over the busy time of a stage")
    func rates() throws {
        var profile = Profile()
        profile.add(
            .io, [Step(.fetch, 100 * millisecond, count: 10, byteCount: 5_000_000)], idle: second)

        let fetch = try #require(profile.stages.first)

        #expect(fetch.byteCount == 50_000_000)
        #expect(fetch.megabytesPerSecond == 50)
    }

    @Test("of nothing is nothing")
    func empty() {
        #expect(Profile().stages.isEmpty)
        #expect(Profile().utilisation(of: .lane) == 0)
        #expect(Profile().table().count == 1)
    }
}
