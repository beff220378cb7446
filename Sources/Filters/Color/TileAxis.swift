/// How one side of an image is cut into tiles, and into cells: the pixels between the middles of
/// two neighbouring tiles, or beyond the first or the last.
struct TileAxis: Sendable {
    /// The number of tiles; there is one cell more.
    let count: Int

    /// The pixels of a tile.
    let tileLength: Int

    private let length: Int

    /// - Parameters:
    ///   - length: The pixels of the side.
    ///   - count: The number of tiles.
    ///   - isWhole: Whether they end with the side. If not they go beyond it, where pixels are seen
    ///     in a mirror on the last one.
    init(_ length: Int, count: Int, isWhole: Bool) {
        self.length = length
        self.count = count
        tileLength = isWhole ? length / count : length / count + 1
    }

    /// The cells that hold a pixel; what lies behind them is needed by none.
    var cellCount: Int {
        var cellCount = count + 1
        while cellCount > 1 && start(ofCell: cellCount - 1) >= length { cellCount -= 1 }
        return cellCount
    }

    /// The tiles around these cells.
    var tileCount: Int { min(cellCount, count) }

    /// The pixels of the image between the middles of the tiles `cell - 1` and `cell`.
    func pixels(ofCell cell: Int) -> Range<Int> { pixels(ofCells: cell..<cell + 1) }

    /// The pixels of the image in some cells.
    func pixels(ofCells cells: Range<Int>) -> Range<Int> {
        start(ofCell: cells.lowerBound)..<start(ofCell: cells.upperBound)
    }

    private func start(ofCell cell: Int) -> Int {
        if cell == 0 { return 0 }
        return cell > count ? length : min(((2 * cell - 1) * tileLength + 1) / 2, length)
    }

    /// How much tile `cell` counts at a place, the rest being that of tile `cell - 1`.
    func share(at place: Int, inCell cell: Int) -> Float {
        if cell == 0 { return 1 }
        return cell == count ? 0 : Float(place) / Float(tileLength) + 0.5 - Float(cell)
    }

    /// The pixels of the image that are in a tile, and those that are seen there in the mirror.
    func pixels(seenInTile tile: Int) -> Range<Int> {
        let (start, end) = (tile * tileLength, (tile + 1) * tileLength)
        guard end > length else { return start..<end }
        return max(min(start, 2 * length - 1 - end), 0)..<length
    }

    /// Where a place is in the image: itself, or beyond the end what is seen in the mirror.
    func mirrored(_ place: Int) -> Int {
        guard length > 1 else { return 0 }
        let period = 2 * (length - 1)
        let rest = place % period
        return rest < length ? rest : period - rest
    }
}
