@testable import Codecs

/// The row filters as the specification words them (PNG, third edition, clause 9.2): one byte after
/// the other, with no thought of speed.
enum ReferenceRowFilters {
    /// What a filter predicts for byte `i` of `row`.
    private static func prediction(
        _ filter: PNGRowFilter, of row: [UInt8], at i: Int, above: [UInt8], bytesPerPixel: Int
    ) -> UInt8 {
        let a = i >= bytesPerPixel ? Int(row[i - bytesPerPixel]) : 0
        let b = Int(above[i])
        let c = i >= bytesPerPixel ? Int(above[i - bytesPerPixel]) : 0
        switch filter {
        case .none: return 0
        case .sub: return UInt8(a)
        case .up: return UInt8(b)
        case .average: return UInt8((a + b) / 2)
        case .paeth:
            let p = a + b - c
            let (pa, pb, pc) = (abs(p - a), abs(p - b), abs(p - c))
            if pa <= pb && pa <= pc { return UInt8(a) }
            return UInt8(pb <= pc ? b : c)
        }
    }

    /// The differences of a row, without the filter byte.
    static func apply(
        _ filter: PNGRowFilter, to row: [UInt8], above: [UInt8], bytesPerPixel: Int
    ) -> [UInt8] {
        row.indices.map { i in
            row[i]
                &- prediction(filter, of: row, at: i, above: above, bytesPerPixel: bytesPerPixel)
        }
    }

    /// The row behind differences.
    static func undo(
        _ filter: PNGRowFilter, _ differences: [UInt8], above: [UInt8], bytesPerPixel: Int
    ) -> [UInt8] {
        var row = differences
        for i in row.indices {
            row[i] &+= prediction(
                filter, of: row, at: i, above: above, bytesPerPixel: bytesPerPixel)
        }
        return row
    }

    /// The sum of the differences' absolute values as signed bytes.
    static func sum(_ differences: [UInt8]) -> UInt32 {
        UInt32(differences.reduce(0) { $0 + abs(Int(Int8(bitPattern: $1))) })
    }
}

/// Numbers that look random and are the same in each run: xorshift64* (Vigna, 2016).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    /// Bytes of which neighbours are often alike, as in images, and some are extreme.
    mutating func bytes(_ count: Int) -> [UInt8] {
        var last: UInt8 = 0
        return (0..<count).map { _ in
            switch Int.random(in: 0..<8, using: &self) {
            case 0: last = .random(in: 0...255, using: &self)
            case 1: last = Bool.random(using: &self) ? 255 : 0
            default: last = last &+ UInt8.random(in: 0...4, using: &self) &- 2
            }
            return last
        }
    }
}
