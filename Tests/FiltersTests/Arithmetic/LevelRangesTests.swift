import Testing

@testable import Filters

@Suite("The levels of a bit depth, in ranges")
struct LevelRangesTests {
    @Test(
        "are all in one where there is room, else in as few as there is room for",
        arguments: [
            (8, 1000, 256), (8, 256, 256), (8, 255, 128), (16, 1 << 20, 65536), (16, 65536, 65536),
            (16, 65535, 32768), (16, 300, 256), (16, 17, 16), (16, 0, 16), (8, -5, 16),
        ])
    func length(bitsPerSample: Int, room: Int, length: Int) {
        let ranges = LevelRanges(bitsPerSample: bitsPerSample, room: room)
        #expect(ranges.length == length && ranges.count == (1 << bitsPerSample) / length)
        #expect(ranges.isWhole == (ranges.count == 1))
        #expect(ranges.start(of: ranges.count) == 1 << bitsPerSample)
    }

    @Test("are no shorter than is asked for")
    func least() {
        #expect(LevelRanges(bitsPerSample: 16, room: 3, least: 256).count == 256)
    }
}
