import Testing

@testable import Pipeline

@Suite("The pace of a lane")
struct LanePaceTests {
    @Test("sends nothing together before anything is known")
    func beginsAlone() {
        #expect(LanePace().groupByteCount == 0)
    }

    @Test(
        "sends as many bytes together as are filtered in half a millisecond, 256 KiB at most",
        arguments: [
            (1000, 5_000_000, 100), (100_000, 1_000_000, 50_000), (1000, 1000, 262_144),
            (1000, 0, 262_144), (1000, .max, 0), (.max, 1, 262_144),
        ] as [(Int, Int64, Int)])
    func followsRuns(byteCount: Int, nanoseconds: Int64, expected: Int) {
        var pace = LanePace()

        pace.ran(byteCount, within: nanoseconds)

        #expect(pace.groupByteCount == expected)
    }
}
