import Testing

@testable import Transfer

@Suite("The wait before another attempt")
struct RetryDelayTests {
    private let delay = RetryDelay()

    @Test(
        "doubles with each attempt up to the longest",
        arguments: [(1, 0.5), (2, 1), (3, 2), (6, 16), (7, 30), (1000, 30)])
    func doubles(attempts: Int, seconds: Double) {
        let duration = delay.duration(after: attempts, requested: nil, chance: 0)

        #expect(duration == .seconds(seconds))
    }

    @Test("is shortened by chance, at most by half")
    func isShortened() {
        let duration = delay.duration(after: 1, requested: nil, chance: 0.999_999)

        #expect(duration >= .milliseconds(250))
        #expect(duration < .milliseconds(251))
    }

    @Test("is what the server asks for, and a little more by chance")
    func isRequested() {
        #expect(delay.duration(after: 1, requested: .seconds(7), chance: 0) == .seconds(7))
        #expect(
            delay.duration(after: 1, requested: .seconds(7), chance: 0.5) == .milliseconds(7250))
    }

    @Test("is never longer than the longest", arguments: [31, 1_000_000, Int64(1) << 60])
    func isBounded(seconds: Int64) {
        let duration = delay.duration(after: 1, requested: .seconds(seconds), chance: 0.5)

        #expect(duration == .seconds(30))
    }

    @Test("is the usual one where the server asks for none", arguments: [0, -5])
    func ignoresNonsense(seconds: Int) {
        let duration = delay.duration(after: 1, requested: .seconds(seconds), chance: 0)

        #expect(duration == .milliseconds(500))
    }
}
