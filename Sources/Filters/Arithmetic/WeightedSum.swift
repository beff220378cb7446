/// A row of sums of weighted rows: the innermost loop of every convolution and resampling.
///
/// Along columns the taps are rows of the image; along rows they are one row at several offsets.
/// Eight taps are added in one pass over the sum, which then costs one load and one store for eight
/// multiplications; with more, the compiler would give up proving that the rows do not overlap.
struct WeightedSum<Working: WorkingSample>: Sendable {
    private let scale: WeightScale<Working>

    /// The number of taps.
    var tapCount: Int { scale.weights.count }

    init(weights: [Double]) {
        scale = Working.quantized(weights)
    }

    /// Writes the weighted sum of `tapCount` rows.
    ///
    /// - Parameters:
    ///   - sum: Where it is written; must not overlap a tap.
    ///   - tap: Gives the row of each tap, at least as long as `sum`.
    @inline(__always)
    func write(to sum: Row<Working>, tap: (Int) -> Row<Working>) {
        let weights = scale.weights
        var index = 0
        sum.fill(with: scale.bias)
        while index + 8 <= weights.count {
            addEight(
                to: sum, tap(index), tap(index + 1), tap(index + 2), tap(index + 3),
                tap(index + 4), tap(index + 5), tap(index + 6), tap(index + 7), from: index)
            index += 8
        }
        if index + 4 <= weights.count {
            addFour(
                to: sum, tap(index), tap(index + 1), tap(index + 2), tap(index + 3), from: index)
            index += 4
        }
        while index < weights.count {
            addOne(to: sum, tap(index), from: index)
            index += 1
        }
        settle(sum)
    }

    private func addEight(
        to sum: Row<Working>, _ a: Row<Working>, _ b: Row<Working>, _ c: Row<Working>,
        _ d: Row<Working>, _ e: Row<Working>, _ f: Row<Working>, _ g: Row<Working>,
        _ h: Row<Working>, from index: Int
    ) {
        let weights = scale.weights[index..<index + 8]
        let (w0, w1, w2, w3) = (
            weights[index], weights[index + 1], weights[index + 2], weights[index + 3]
        )
        let (w4, w5, w6, w7) = (
            weights[index + 4], weights[index + 5], weights[index + 6], weights[index + 7]
        )
        for x in 0..<sum.count {
            let ab = Working.sum(Working.product(a[x], w0), Working.product(b[x], w1))
            let cd = Working.sum(Working.product(c[x], w2), Working.product(d[x], w3))
            let ef = Working.sum(Working.product(e[x], w4), Working.product(f[x], w5))
            let gh = Working.sum(Working.product(g[x], w6), Working.product(h[x], w7))
            let eight = Working.sum(Working.sum(ab, cd), Working.sum(ef, gh))
            sum[x] = Working.sum(sum[x], eight)
        }
    }

    private func addFour(
        to sum: Row<Working>, _ a: Row<Working>, _ b: Row<Working>, _ c: Row<Working>,
        _ d: Row<Working>, from index: Int
    ) {
        let weights = scale.weights[index..<index + 4]
        let (w0, w1, w2, w3) = (
            weights[index], weights[index + 1], weights[index + 2], weights[index + 3]
        )
        for x in 0..<sum.count {
            let ab = Working.sum(Working.product(a[x], w0), Working.product(b[x], w1))
            let cd = Working.sum(Working.product(c[x], w2), Working.product(d[x], w3))
            sum[x] = Working.sum(sum[x], Working.sum(ab, cd))
        }
    }

    private func addOne(to sum: Row<Working>, _ a: Row<Working>, from index: Int) {
        let weight = scale.weights[index]
        for x in 0..<sum.count {
            sum[x] = Working.sum(sum[x], Working.product(a[x], weight))
        }
    }

    private func settle(_ sum: Row<Working>) {
        let shift = scale.shift
        guard shift != 0 else { return }
        for x in 0..<sum.count { sum[x] = Working.settled(sum[x], shift: shift) }
    }
}
