import Images
import Testing

@testable import Codecs

@Suite("The bands of an image's rows")
struct RowBandsTests {
    /// Bands of rows of `rowByteCount` bytes.
    private func bands(_ height: Int, rowByteCount: Int, limit: Int) throws -> RowBands {
        let size = try #require(ImageSize(width: rowByteCount - 1, height: height))
        return RowBands(PNGHeader(size: size, bitDepth: 8, colorType: .gray), limit: limit)
    }

    @Test("are one up to the limit, and two from the next row on")
    func border() throws {
        #expect(try bands(9, rowByteCount: 10, limit: 100).count == 1)
        #expect(try bands(10, rowByteCount: 10, limit: 100).count == 1)
        let two = try bands(11, rowByteCount: 10, limit: 100)
        #expect(two.count == 2)
        #expect(two.rows(of: 0) == 0..<6)
        #expect(two.rows(of: 1) == 6..<11)
    }

    @Test("hold all rows, none above the limit", arguments: 1...60)
    func all(height: Int) throws {
        for limit in [10, 19, 20, 70, 100, 1000] {
            let bands = try bands(height, rowByteCount: 10, limit: limit)
            let rows = (0..<bands.count).map(bands.rows(of:))
            #expect(rows.allSatisfy { !$0.isEmpty && $0.count * 10 <= limit })
            #expect(rows.flatMap { Array($0) } == Array(0..<height))
            #expect(bands.largestPiece == rows[0].count * 10)
            #expect(bands.pieceCount == bands.count)
        }
    }

    @Test("are single rows where one is above the limit, in pieces within it")
    func wideRows() throws {
        let bands = try bands(3, rowByteCount: 25, limit: 10)
        #expect(bands.count == 3)
        #expect(bands.largestPiece == 10)
        #expect(bands.pieceCount == 9)
    }
}
