/// Which source samples along one axis each result sample is a weighted sum of.
struct Taps {
    /// The first sample; it may lie before the border, and the last one behind it.
    let start: Int

    /// The weights from it on.
    let weights: [Double]

    /// The sample after the last one.
    var end: Int { start + weights.count }
}

/// Weighted sums along one axis, ready to be computed: two neighbouring results at a time, because
/// they share most of their samples, which then are loaded once for both.
struct WeightedSums<Working: WorkingSample>: Sendable {
    /// Two results that are computed together; where their number is odd the last stands for both.
    struct Pair: Sendable {
        /// The first sample of either.
        let start: Int

        /// The samples of both.
        let tapCount: Int

        /// The samples that both results have in common; those before are the first one's alone,
        /// those behind the second one's.
        fileprivate let common: Range<Int>

        /// What the sums begin with.
        fileprivate let bias: Working

        /// Where the weights of these two begin; equal weights are kept once.
        fileprivate let offset: Int
    }

    let pairs: [Pair]

    /// For each pair and tap, a weight for the one and a weight for the other.
    private let weights: [Working]
    private let scale: WeightScale

    /// Quantises the weights of each result, in order.
    init(_ taps: [Taps]) {
        let scale = Working.scale(for: taps.map(\.weights))
        var pairs: [Pair] = []
        var weights: [Working] = []
        var offsets: [[Double]: Int] = [:]
        for index in stride(from: 0, to: taps.count, by: 2) {
            let (first, second) = (taps[index], taps[min(index + 1, taps.count - 1)])
            let start = min(first.start, second.start)
            let end = max(first.end, second.end)
            var both: [Double] = []
            for sample in start..<end {
                both.append(first.weight(of: sample))
                both.append(second.weight(of: sample))
            }
            if offsets[both] == nil {
                offsets[both] = weights.count
                weights += Self.quantized(both, scale)
            }
            pairs.append(
                Pair(
                    start: start, tapCount: end - start, common: Self.common(first, second),
                    bias: Working.bias(
                        productCount: (first.weights.count + second.weights.count) / 2),
                    offset: offsets[both] ?? 0))
        }
        self.pairs = pairs
        self.weights = weights
        self.scale = scale
    }

    /// The samples that two results have in common, counted from the first sample of either.
    ///
    /// Between results that have none in common there may be some that have no weight for either.
    private static func common(_ first: Taps, _ second: Taps) -> Range<Int> {
        guard first.start <= second.start && first.end <= second.end else {
            return 0..<max(first.end, second.end) - min(first.start, second.start)
        }
        let start = min(second.start, first.end)
        return start - first.start..<max(first.end, second.start) - first.start
    }

    /// Weights that still sum to what they did, for flat areas to stay as they are: what rounding
    /// each of them lost goes to the largest.
    private static func quantized(_ both: [Double], _ scale: WeightScale) -> [Working] {
        var quantized = both.map { Working(weight: $0, scale) }
        for parity in 0..<2 {
            let indices = stride(from: parity, to: both.count, by: 2)
            guard let peak = indices.max(by: { both[$0] < both[$1] }) else { continue }
            let others = indices.reduce(0.0) {
                $0 + ($1 == peak ? 0 : quantized[$1].weight(scale))
            }
            let sum = indices.reduce(0.0) { $0 + both[$1] }
            quantized[peak] = Working(weight: sum - others, scale)
        }
        return quantized
    }

    /// Computes the two results of a pair in the columns of a range.
    ///
    /// - Parameters:
    ///   - pair: Which results.
    ///   - columns: Whole vectors of columns.
    ///   - rows: The samples as rows, from the pair's start on.
    ///   - first: The row of the one result.
    ///   - second: The row of the other, or the same.
    @inline(__always)
    func write<Source: TapRows>(
        _ pair: Pair, columns: Range<Int>, of rows: Source, to first: Row<Working>,
        _ second: Row<Working>
    ) where Source.Sample == Working {
        weights.withRow { weights in
            let weights = weights[pair.offset..<pair.offset + 2 * pair.tapCount]
            let lanes = Working.Vector.scalarCount
            var column = columns.lowerBound
            while column + 4 * lanes <= columns.upperBound {
                writeFour(column, of: rows, weights, pair, to: first, second)
                column += 4 * lanes
            }
            if column + 3 * lanes == columns.upperBound {
                writeThree(column, of: rows, weights, pair, to: first, second)
                return
            }
            while column < columns.upperBound {
                writeOne(column, of: rows, weights, pair, to: first, second)
                column += lanes
            }
        }
    }

    /// Adds some taps of a pair to what the rows of its results hold from those before.
    ///
    /// It is what ``write(_:columns:of:to:_:)`` computes, sum by sum in the same order.
    ///
    /// - Parameters:
    ///   - pair: Which results.
    ///   - taps: Those that are added: the sums begin with the first and are settled with the last.
    ///   - columns: Whole pairs of vectors of columns.
    ///   - rows: The samples of these taps.
    ///   - first: The row of the one result.
    ///   - second: The row of the other.
    func add(
        _ pair: Pair, taps: Range<Int>, columns: Range<Int>, of rows: Row<Row<Working>>,
        to first: Row<Working>, _ second: Row<Working>
    ) {
        let lanes = Working.Vector.scalarCount
        let bias = Working.Vector(repeating: pair.bias)
        let begins = taps.lowerBound == 0
        let ends = taps.upperBound == pair.tapCount
        weights.withRow { weights in
            let weights = weights[
                pair.offset + 2 * taps.lowerBound..<pair.offset + 2 * taps.upperBound]
            for column in stride(from: columns.lowerBound, to: columns.upperBound, by: 2 &* lanes) {
                let next = column &+ lanes
                var a0 = begins ? bias : first.vector(at: column)
                var a1 = begins ? bias : first.vector(at: next)
                var b0 = begins ? bias : second.vector(at: column)
                var b1 = begins ? bias : second.vector(at: next)
                for tap in 0..<taps.count {
                    let (one, other) = (weights[2 &* tap], weights[2 &* tap &+ 1])
                    let samples0: Working.Vector = rows[tap].vector(at: column)
                    let samples1: Working.Vector = rows[tap].vector(at: next)
                    a0 = Working.sum(a0, samples0, times: one)
                    a1 = Working.sum(a1, samples1, times: one)
                    b0 = Working.sum(b0, samples0, times: other)
                    b1 = Working.sum(b1, samples1, times: other)
                }
                first.store(ends ? Working.settled(a0, scale) : a0, at: column)
                first.store(ends ? Working.settled(a1, scale) : a1, at: next)
                second.store(ends ? Working.settled(b0, scale) : b0, at: column)
                second.store(ends ? Working.settled(b1, scale) : b1, at: next)
            }
        }
    }

    // The sums stay in registers while the taps go by: eight of them, which leaves enough of the 16
    // for samples and weights. (Adding taps to sums in memory took twice as long.)

    @inline(__always)
    private func writeFour<Source: TapRows>(
        _ column: Int, of rows: Source, _ weights: Row<Working>,
        _ pair: Pair, to first: Row<Working>, _ second: Row<Working>
    ) where Source.Sample == Working {
        let lanes = Working.Vector.scalarCount
        let bias = Working.Vector(repeating: pair.bias)
        var (a0, a1, a2, a3) = (bias, bias, bias, bias)
        var (b0, b1, b2, b3) = (bias, bias, bias, bias)
        @inline(__always)
        func vector(_ tap: Int, _ column: Int) -> Working.Vector {
            rows.vector(of: tap, at: column, as: Working.Vector.self)
        }
        @inline(__always)
        func addFirst(_ tap: Int) {
            let weight = weights[2 &* tap]
            a0 = Working.sum(a0, vector(tap, column), times: weight)
            a1 = Working.sum(a1, vector(tap, column &+ lanes), times: weight)
            a2 = Working.sum(a2, vector(tap, column &+ 2 &* lanes), times: weight)
            a3 = Working.sum(a3, vector(tap, column &+ 3 &* lanes), times: weight)
        }
        @inline(__always)
        func addSecond(_ tap: Int) {
            let weight = weights[2 &* tap &+ 1]
            b0 = Working.sum(b0, vector(tap, column), times: weight)
            b1 = Working.sum(b1, vector(tap, column &+ lanes), times: weight)
            b2 = Working.sum(b2, vector(tap, column &+ 2 &* lanes), times: weight)
            b3 = Working.sum(b3, vector(tap, column &+ 3 &* lanes), times: weight)
        }
        for tap in 0..<pair.common.lowerBound { addFirst(tap) }
        for tap in pair.common {
            addFirst(tap)
            addSecond(tap)
        }
        for tap in pair.common.upperBound..<pair.tapCount { addSecond(tap) }
        first.store(Working.settled(a0, scale), at: column)
        first.store(Working.settled(a1, scale), at: column &+ lanes)
        first.store(Working.settled(a2, scale), at: column &+ 2 &* lanes)
        first.store(Working.settled(a3, scale), at: column &+ 3 &* lanes)
        second.store(Working.settled(b0, scale), at: column)
        second.store(Working.settled(b1, scale), at: column &+ lanes)
        second.store(Working.settled(b2, scale), at: column &+ 2 &* lanes)
        second.store(Working.settled(b3, scale), at: column &+ 3 &* lanes)
    }

    @inline(__always)
    private func writeThree<Source: TapRows>(
        _ column: Int, of rows: Source, _ weights: Row<Working>,
        _ pair: Pair, to first: Row<Working>, _ second: Row<Working>
    ) where Source.Sample == Working {
        let lanes = Working.Vector.scalarCount
        let bias = Working.Vector(repeating: pair.bias)
        var (a0, a1, a2) = (bias, bias, bias)
        var (b0, b1, b2) = (bias, bias, bias)
        @inline(__always)
        func vector(_ tap: Int, _ column: Int) -> Working.Vector {
            rows.vector(of: tap, at: column, as: Working.Vector.self)
        }
        @inline(__always)
        func addFirst(_ tap: Int) {
            let weight = weights[2 &* tap]
            a0 = Working.sum(a0, vector(tap, column), times: weight)
            a1 = Working.sum(a1, vector(tap, column &+ lanes), times: weight)
            a2 = Working.sum(a2, vector(tap, column &+ 2 &* lanes), times: weight)
        }
        @inline(__always)
        func addSecond(_ tap: Int) {
            let weight = weights[2 &* tap &+ 1]
            b0 = Working.sum(b0, vector(tap, column), times: weight)
            b1 = Working.sum(b1, vector(tap, column &+ lanes), times: weight)
            b2 = Working.sum(b2, vector(tap, column &+ 2 &* lanes), times: weight)
        }
        for tap in 0..<pair.common.lowerBound { addFirst(tap) }
        for tap in pair.common {
            addFirst(tap)
            addSecond(tap)
        }
        for tap in pair.common.upperBound..<pair.tapCount { addSecond(tap) }
        first.store(Working.settled(a0, scale), at: column)
        first.store(Working.settled(a1, scale), at: column &+ lanes)
        first.store(Working.settled(a2, scale), at: column &+ 2 &* lanes)
        second.store(Working.settled(b0, scale), at: column)
        second.store(Working.settled(b1, scale), at: column &+ lanes)
        second.store(Working.settled(b2, scale), at: column &+ 2 &* lanes)
    }

    @inline(__always)
    private func writeOne<Source: TapRows>(
        _ column: Int, of rows: Source, _ weights: Row<Working>,
        _ pair: Pair, to first: Row<Working>, _ second: Row<Working>
    ) where Source.Sample == Working {
        let bias = Working.Vector(repeating: pair.bias)
        var a0 = bias
        var b0 = bias
        @inline(__always)
        func vector(_ tap: Int, _ column: Int) -> Working.Vector {
            rows.vector(of: tap, at: column, as: Working.Vector.self)
        }
        @inline(__always)
        func addFirst(_ tap: Int) {
            let weight = weights[2 &* tap]
            a0 = Working.sum(a0, vector(tap, column), times: weight)
        }
        @inline(__always)
        func addSecond(_ tap: Int) {
            let weight = weights[2 &* tap &+ 1]
            b0 = Working.sum(b0, vector(tap, column), times: weight)
        }
        for tap in 0..<pair.common.lowerBound { addFirst(tap) }
        for tap in pair.common {
            addFirst(tap)
            addSecond(tap)
        }
        for tap in pair.common.upperBound..<pair.tapCount { addSecond(tap) }
        first.store(Working.settled(a0, scale), at: column)
        second.store(Working.settled(b0, scale), at: column)
    }
}

/// The rows that the taps of a pair stand on.
protocol TapRows<Sample> {
    associatedtype Sample: BitwiseCopyable

    /// Some samples of the row of a tap.
    func vector<Vector: SIMD>(of tap: Int, at column: Int, as type: Vector.Type) -> Vector
    where Vector.Scalar == Sample
}

/// Rows one after the other.
struct ConsecutiveRows<Sample: BitwiseCopyable>: TapRows {
    let samples: Row<Sample>
    let samplesPerRow: Int

    @inline(__always)
    func vector<Vector: SIMD>(of tap: Int, at column: Int, as type: Vector.Type) -> Vector
    where Vector.Scalar == Sample {
        samples.vector(at: tap &* samplesPerRow &+ column)
    }
}

/// Rows anywhere, such as those of a ring.
struct ListedRows<Sample: BitwiseCopyable>: TapRows {
    let rows: Row<Row<Sample>>

    @inline(__always)
    func vector<Vector: SIMD>(of tap: Int, at column: Int, as type: Vector.Type) -> Vector
    where Vector.Scalar == Sample {
        rows[tap].vector(at: column)
    }
}

extension Taps {
    fileprivate func weight(of sample: Int) -> Double {
        sample >= start && sample < end ? weights[sample - start] : 0
    }
}
