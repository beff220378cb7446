/// Exchanges rows and columns of working samples, eight by eight in registers.
enum Transposition {
    /// Writes the columns of `rowCount` rows as rows of `rowCount` samples, one after the other.
    ///
    /// - Parameters:
    ///   - rows: As many as are in `rowCount`, each with `count` samples.
    ///   - rowCount: A multiple of 8.
    ///   - count: The columns, a multiple of 8.
    ///   - columns: Where they are written.
    static func write<Sample: SIMDScalar & BitwiseCopyable>(
        _ rows: Rows<Sample>, rowCount: Int, count: Int, to columns: Row<Sample>
    ) {
        for top in stride(from: 0, to: rowCount, by: 8) {
            let all = rows.all.from(top * rows.elementsPerRow)
            for left in stride(from: 0, to: count, by: 8) {
                transpose(
                    all.from(left), stride: rows.elementsPerRow,
                    to: columns.from(left &* rowCount &+ top), stride: rowCount)
            }
        }
    }

    /// The reverse of ``write(_:rowCount:count:to:)``.
    static func read<Sample: SIMDScalar & BitwiseCopyable>(
        _ columns: Row<Sample>, rowCount: Int, count: Int, to rows: Rows<Sample>
    ) {
        for top in stride(from: 0, to: rowCount, by: 8) {
            let all = rows.all.from(top * rows.elementsPerRow)
            for left in stride(from: 0, to: count, by: 8) {
                transpose(
                    columns.from(left &* rowCount &+ top), stride: rowCount,
                    to: all.from(left), stride: rows.elementsPerRow)
            }
        }
    }

    /// Three rounds of interleaving the first half of eight vectors with the second.
    @inline(__always)
    private static func transpose<Sample: SIMDScalar & BitwiseCopyable>(
        _ source: Row<Sample>, stride: Int, to target: Row<Sample>, stride targetStride: Int
    ) {
        @inline(__always)
        func load(_ index: Int) -> SIMD8<Sample> { source.vector(at: index &* stride) }
        @inline(__always)
        func store(_ vector: SIMD8<Sample>, _ index: Int) {
            target.store(vector, at: index &* targetStride)
        }
        let (a0, a1) = interleaved(load(0), load(4))
        let (a2, a3) = interleaved(load(1), load(5))
        let (a4, a5) = interleaved(load(2), load(6))
        let (a6, a7) = interleaved(load(3), load(7))
        let (b0, b1) = interleaved(a0, a4)
        let (b2, b3) = interleaved(a1, a5)
        let (b4, b5) = interleaved(a2, a6)
        let (b6, b7) = interleaved(a3, a7)
        let (c0, c1) = interleaved(b0, b4)
        let (c2, c3) = interleaved(b1, b5)
        let (c4, c5) = interleaved(b2, b6)
        let (c6, c7) = interleaved(b3, b7)
        store(c0, 0)
        store(c1, 1)
        store(c2, 2)
        store(c3, 3)
        store(c4, 4)
        store(c5, 5)
        store(c6, 6)
        store(c7, 7)
    }

    @inline(__always)
    private static func interleaved<Sample: SIMDScalar>(
        _ first: SIMD8<Sample>, _ second: SIMD8<Sample>
    ) -> (SIMD8<Sample>, SIMD8<Sample>) {
        var low = SIMD8<Sample>()
        low.evenHalf = first.lowHalf
        low.oddHalf = second.lowHalf
        var high = SIMD8<Sample>()
        high.evenHalf = first.highHalf
        high.oddHalf = second.highHalf
        return (low, high)
    }
}
