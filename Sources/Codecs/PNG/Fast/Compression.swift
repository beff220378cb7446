/// How hard filtered rows are compressed.
enum Compression: Equatable {
    /// By ``QuickDeflater``.
    case quick(Repetition)

    /// By libdeflate at a level of 1 to 12.
    case level(Int)

    /// What the effort `balanced` takes: the lowest level whose photographs are within 1 % of
    /// Pillow's at its level 6 (level 4 is at 1.5 %).
    static let balanced = level(5)

    /// What the effort `small` takes: 4.5 % fewer bytes than level 9, and 12 saves only 0.3 % more.
    static let smallest = level(10)

    /// What is cheap enough to try filters with.
    static let trial = level(1)
}
