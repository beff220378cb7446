/// Exchanges rows and columns of working samples, in registers.
///
/// The rows are as many as a vector has lanes.
enum Transposition {
    /// Writes columns as rows of as many samples as there are rows, one after the other.
    ///
    /// - Parameters:
    ///   - rows: At least `count` samples each.
    ///   - count: The columns, a multiple of 8.
    ///   - columns: Where they are written.
    static func write<Working: WorkingSample>(
        _ rows: Rows<Working>, count: Int, to columns: Row<Working>
    ) {
        let pitch = rows.elementsPerRow
        let lanes = Working.Vector.scalarCount
        for left in stride(from: 0, to: count, by: 8) {
            Working.transpose(
                rows: rows.all.from(left), pitch: pitch,
                toEightColumns: columns.from(left &* lanes))
        }
    }

    /// The reverse of ``write(_:count:to:)``.
    static func read<Working: WorkingSample>(
        _ columns: Row<Working>, count: Int, to rows: Rows<Working>
    ) {
        let pitch = rows.elementsPerRow
        let lanes = Working.Vector.scalarCount
        for left in stride(from: 0, to: count, by: 8) {
            Working.transpose(
                eightColumns: columns.from(left &* lanes), toRows: rows.all.from(left),
                pitch: pitch)
        }
    }
}

/// Sixteen rows: the upper eight and the lower eight are exchanged side by side.
extension Int16 {
    @inline(__always)
    static func transpose(rows: Row<Int16>, pitch: Int, toEightColumns columns: Row<Int16>) {
        @inline(__always)
        func load(_ index: Int) -> SIMD16<Int16> {
            SIMD16(
                lowHalf: rows.vector(at: index &* pitch),
                highHalf: rows.vector(at: (index &+ 8) &* pitch))
        }
        let result = EightVectors(load).transposed
        columns.store(result.a, at: 0)
        columns.store(result.b, at: 16)
        columns.store(result.c, at: 32)
        columns.store(result.d, at: 48)
        columns.store(result.e, at: 64)
        columns.store(result.f, at: 80)
        columns.store(result.g, at: 96)
        columns.store(result.h, at: 112)
    }

    @inline(__always)
    static func transpose(eightColumns columns: Row<Int16>, toRows rows: Row<Int16>, pitch: Int) {
        @inline(__always)
        func store(_ vector: SIMD16<Int16>, _ index: Int) {
            rows.store(vector.lowHalf, at: index &* pitch)
            rows.store(vector.highHalf, at: (index &+ 8) &* pitch)
        }
        let result = EightVectors { columns.vector(at: 16 &* $0) }.transposed
        store(result.a, 0)
        store(result.b, 1)
        store(result.c, 2)
        store(result.d, 3)
        store(result.e, 4)
        store(result.f, 5)
        store(result.g, 6)
        store(result.h, 7)
    }
}

/// Two squares of eight by eight samples of 16 bits, side by side.
private struct EightVectors {
    private typealias Twos = SIMD8<UInt32>
    private typealias Fours = SIMD4<UInt64>

    let a, b, c, d, e, f, g, h: SIMD16<Int16>

    @inline(__always)
    init(_ load: (Int) -> SIMD16<Int16>) {
        (a, b, c, d) = (load(0), load(1), load(2), load(3))
        (e, f, g, h) = (load(4), load(5), load(6), load(7))
    }

    @inline(__always)
    private init(
        _ a: Twos, _ b: Twos, _ c: Twos, _ d: Twos, _ e: Twos, _ f: Twos, _ g: Twos, _ h: Twos
    ) {
        @inline(__always)
        func samples(_ twos: Twos) -> SIMD16<Int16> {
            unsafe unsafeBitCast(twos, to: SIMD16<Int16>.self)
        }
        (self.a, self.b, self.c, self.d) = (samples(a), samples(b), samples(c), samples(d))
        (self.e, self.f, self.g, self.h) = (samples(e), samples(f), samples(g), samples(h))
    }

    /// Exchanges the corners of squares of two, then of four, then of eight, by shifts and masks of
    /// lanes that hold a corner's row.
    ///
    /// Of halves and odd and even lanes the compiler makes moves of single samples, which take three
    /// times as long.
    @inline(__always)
    var transposed: EightVectors {
        let (a0, b0) = Self.twos(a, b)
        let (c0, d0) = Self.twos(c, d)
        let (e0, f0) = Self.twos(e, f)
        let (g0, h0) = Self.twos(g, h)
        let (a1, c1) = Self.fours(a0, c0)
        let (b1, d1) = Self.fours(b0, d0)
        let (e1, g1) = Self.fours(e0, g0)
        let (f1, h1) = Self.fours(f0, h0)
        let (a2, e2) = Self.eights(a1, e1)
        let (b2, f2) = Self.eights(b1, f1)
        let (c2, g2) = Self.eights(c1, g1)
        let (d2, h2) = Self.eights(d1, h1)
        return EightVectors(a2, b2, c2, d2, e2, f2, g2, h2)
    }

    @inline(__always)
    private static func twos(
        _ first: SIMD16<Int16>, _ second: SIMD16<Int16>
    ) -> (Twos, Twos) {
        let p = unsafe unsafeBitCast(first, to: Twos.self)
        let q = unsafe unsafeBitCast(second, to: Twos.self)
        return ((p & 0xFFFF) | (q &<< 16), (p &>> 16) | (q & 0xFFFF_0000))
    }

    @inline(__always)
    private static func fours(_ first: Twos, _ second: Twos) -> (Twos, Twos) {
        let p = unsafe unsafeBitCast(first, to: Fours.self)
        let q = unsafe unsafeBitCast(second, to: Fours.self)
        return (
            unsafe unsafeBitCast((p & 0xFFFF_FFFF) | (q &<< 32), to: Twos.self),
            unsafe unsafeBitCast((p &>> 32) | (q & 0xFFFF_FFFF_0000_0000), to: Twos.self)
        )
    }

    @inline(__always)
    private static func eights(_ first: Twos, _ second: Twos) -> (Twos, Twos) {
        let p = unsafe unsafeBitCast(first, to: Fours.self)
        let q = unsafe unsafeBitCast(second, to: Fours.self)
        return (
            unsafe unsafeBitCast(Fours(p[0], q[0], p[2], q[2]), to: Twos.self),
            unsafe unsafeBitCast(Fours(p[1], q[1], p[3], q[3]), to: Twos.self)
        )
    }
}

/// Eight rows, in three rounds of interleaving the first half of eight vectors with the second.
extension Float {
    @inline(__always)
    static func transpose(rows: Row<Float>, pitch: Int, toEightColumns columns: Row<Float>) {
        transpose(rows, pitch: pitch, to: columns, pitch: 8)
    }

    @inline(__always)
    static func transpose(eightColumns columns: Row<Float>, toRows rows: Row<Float>, pitch: Int) {
        transpose(columns, pitch: 8, to: rows, pitch: pitch)
    }

    @inline(__always)
    private static func transpose(
        _ source: Row<Float>, pitch: Int, to target: Row<Float>, pitch targetPitch: Int
    ) {
        @inline(__always)
        func load(_ index: Int) -> SIMD8<Float> { source.vector(at: index &* pitch) }
        @inline(__always)
        func store(_ vector: SIMD8<Float>, _ index: Int) {
            target.store(vector, at: index &* targetPitch)
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
    private static func interleaved(
        _ first: SIMD8<Float>, _ second: SIMD8<Float>
    ) -> (SIMD8<Float>, SIMD8<Float>) {
        var low = SIMD8<Float>()
        low.evenHalf = first.lowHalf
        low.oddHalf = second.lowHalf
        var high = SIMD8<Float>()
        high.evenHalf = first.highHalf
        high.oddHalf = second.highHalf
        return (low, high)
    }
}
