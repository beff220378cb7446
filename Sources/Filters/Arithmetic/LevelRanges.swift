/// The levels of a bit depth, cut into ranges that are worked on one after the other.
///
/// A histogram or a table of 65,536 entries would be larger than a small image. Such an image is gone
/// over once for each range instead, and the fewer pixels it has the more ranges there are: their
/// product, which is the time, stays about the same.
struct LevelRanges: Sendable {
    /// The levels of all ranges.
    let levelCount: Int

    /// The levels of one range, a power of two.
    let length: Int

    /// - Parameters:
    ///   - bitsPerSample: 8 or 16.
    ///   - room: How many levels there is room for.
    ///   - least: The levels of a range at least, whatever the room: a power of two up to 256.
    init(bitsPerSample: Int, room: Int, least: Int = 16) {
        levelCount = 1 << bitsPerSample
        var length = least
        while length < levelCount && 2 * length <= room { length *= 2 }
        self.length = length
    }

    /// The number of ranges.
    var count: Int { levelCount / length }

    /// Whether one range holds all levels.
    var isWhole: Bool { length == levelCount }

    /// The first level of a range.
    func start(of range: Int) -> Int { range * length }
}
