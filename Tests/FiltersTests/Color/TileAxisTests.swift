import Testing

@testable import Filters

@Suite("The tiles of a side")
struct TileAxisTests {
    /// Sides that tiles divide and that they do not, shorter ones than there are tiles too.
    static let axes = [(64, 8), (65, 8), (7, 3), (33, 16), (5, 8), (1, 4), (2, 2), (3, 64)].map {
        TileAxis($0, count: $1, isWhole: $0 % $1 == 0)
    }

    @Test("have cells that cover each pixel once, in order", arguments: axes)
    func cells(axis: TileAxis) {
        let pixels = (0...axis.count).flatMap { Array(axis.pixels(ofCell: $0)) }
        let all = axis.pixels(ofCells: 0..<axis.count + 1)
        #expect(pixels == Array(all) && all.lowerBound == 0)
    }

    @Test("are needed up to the last cell that holds a pixel", arguments: axes)
    func needed(axis: TileAxis) {
        let filled = (0...axis.count).filter { !axis.pixels(ofCell: $0).isEmpty }
        #expect(axis.cellCount == (filled.last ?? -1) + 1)
        #expect(axis.tileCount == min(axis.cellCount, axis.count))
    }

    @Test("count from nothing to everything within a cell, and nowhere else", arguments: axes)
    func shares(axis: TileAxis) {
        for cell in 0...axis.count {
            let shares = axis.pixels(ofCell: cell).map { axis.share(at: $0, inCell: cell) }
            #expect(shares == shares.sorted())
            #expect(shares.allSatisfy { $0 > -1e-5 && $0 < 1 + 1e-5 }, "\(cell): \(shares)")
            if cell == 0 { #expect(shares.allSatisfy { $0 == 1 }) }
            if cell == axis.count { #expect(shares.allSatisfy { $0 == 0 }) }
        }
    }

    @Test("see pixels of the image, beyond its end those in the mirror", arguments: axes)
    func mirror(axis: TileAxis) {
        for tile in 0..<axis.count {
            let seen = axis.pixels(seenInTile: tile)
            for place in tile * axis.tileLength..<(tile + 1) * axis.tileLength {
                #expect(seen.contains(axis.mirrored(place)), "\(place) of tile \(tile)")
            }
        }
        #expect(
            [5, 6, 7, 8, 9, 12].map(TileAxis(7, count: 1, isWhole: true).mirrored) == [
                5, 6, 5, 4, 3, 0,
            ])
    }
}
