/// Sums weighted by an odd kernel that is the same from both ends: the two samples that a weight
/// counts for are added first, which saves half of the products and of their errors.
struct SymmetricSums<Working: WorkingSample>: Sendable {
    /// The weight in the middle, then those on either side of it outwards.
    let weights: [Working]
    let scale: WeightScale
    private let radius: Int
    private let spacing: Int
    private let shift: Int
    private let bias: Working

    /// The weights from the first sample to the last.
    private let unfolded: [Working]

    /// Quantises the weights of a kernel, which must not be below zero.
    init(_ kernel: SpacedKernel) {
        radius = kernel.radius
        spacing = kernel.spacing
        shift = kernel.shift
        let both = kernel.weights.dropFirst().reduce(0) { $0 + 2 * $1 }
        let scale = Working.scale(for: [kernel.weights + kernel.weights.dropFirst()])
        var weights = kernel.weights.map { Working(weight: $0, scale) }
        // Flat areas stay as they are: what rounding lost goes to the middle.
        let rest = weights.dropFirst().reduce(0) { $0 + 2 * $1.weight(scale) }
        weights[0] = Working(weight: kernel.weights[0] + both - rest, scale)
        self.weights = weights
        self.scale = scale
        let pairs = weights.dropFirst()
        unfolded = pairs.reversed() + (kernel.shift == 0 ? [weights[0]] : []) + pairs
        bias = Working.bias(productCount: weights.count)
    }

    /// What the samples of a row are filled up to a multiple of, so that all loops come out even.
    static var group: Int { (Working.sharesLoads ? 12 : 4) * Working.Vector.scalarCount }

    /// Writes the sums along a row.
    ///
    /// - Parameters:
    ///   - samples: What is summed, from as many pixels before the first as the kernel reaches.
    ///   - channelCount: From a sample to the next of its channel.
    ///   - sums: Whole groups.
    @inline(__always)
    func writeAlong(_ samples: Row<Working>, channelCount: Int, to sums: Row<Working>) {
        // A short kernel has little to share.
        let apart = 3 * Working.Vector.scalarCount / (spacing * channelCount)
        if Working.sharesLoads && unfolded.count > 2 * apart {
            writeAlongSharing(samples, channelCount: channelCount, to: sums)
        } else {
            writeAlongFolded(samples, channelCount: channelCount, to: sums)
        }
    }

    @inline(__always)
    private func writeAlongFolded(
        _ samples: Row<Working>, channelCount: Int, to sums: Row<Working>
    ) {
        let lanes = Working.Vector.scalarCount
        let (spacing, shift, radius) = (spacing, shift, radius)
        weights.withRow { weights in
            for column in stride(from: 0, to: sums.count, by: 4 &* lanes) {
                let middle = column &+ radius &* channelCount
                @inline(__always)
                func both(_ tap: Int, _ index: Int) -> Working.Vector {
                    let place = middle &+ index &* lanes
                    let away = (tap &* spacing &- shift) &* channelCount
                    return Working.sum(
                        samples.vector(at: place &- away), samples.vector(at: place &+ away))
                }
                let center = weights[0]
                @inline(__always)
                func start(_ index: Int) -> Working.Vector {
                    Working.sum(
                        Working.Vector(repeating: bias),
                        samples.vector(at: middle &+ index &* lanes), times: center)
                }
                var (s0, s1, s2, s3) = (start(0), start(1), start(2), start(3))
                for tap in 1..<max(weights.count, 1) {
                    let weight = weights[tap]
                    s0 = Working.sum(s0, both(tap, 0), times: weight)
                    s1 = Working.sum(s1, both(tap, 1), times: weight)
                    s2 = Working.sum(s2, both(tap, 2), times: weight)
                    s3 = Working.sum(s3, both(tap, 3), times: weight)
                }
                sums.store(Working.settled(s0, scale), at: column)
                sums.store(Working.settled(s1, scale), at: column &+ lanes)
                sums.store(Working.settled(s2, scale), at: column &+ 2 &* lanes)
                sums.store(Working.settled(s3, scale), at: column &+ 3 &* lanes)
            }
        }
    }

    /// The same without adding samples of equal weight first: three vectors and the next three are a
    /// whole number of taps apart, so that most of what is loaded counts for both.
    @inline(__always)
    private func writeAlongSharing(
        _ samples: Row<Working>, channelCount: Int, to sums: Row<Working>
    ) {
        let lanes = Working.Vector.scalarCount
        let distance = spacing &* channelCount
        let apart = 3 &* lanes / distance
        unfolded.withRow { weights in
            for column in stride(from: 0, to: sums.count, by: 6 &* lanes) {
                let start = Working.Vector(repeating: bias)
                var (a0, a1, a2) = (start, start, start)
                var (b0, b1, b2) = (start, start, start)
                @inline(__always)
                func vectors(_ tap: Int) -> (Working.Vector, Working.Vector, Working.Vector) {
                    let place = column &+ tap &* distance
                    return (
                        samples.vector(at: place), samples.vector(at: place &+ lanes),
                        samples.vector(at: place &+ 2 &* lanes)
                    )
                }
                for tap in 0..<min(apart, weights.count) {
                    let (weight, (v0, v1, v2)) = (weights[tap], vectors(tap))
                    a0 = Working.sum(a0, v0, times: weight)
                    a1 = Working.sum(a1, v1, times: weight)
                    a2 = Working.sum(a2, v2, times: weight)
                }
                for tap in apart..<max(apart, weights.count) {
                    let (first, second) = (weights[tap], weights[tap &- apart])
                    let (v0, v1, v2) = vectors(tap)
                    a0 = Working.sum(a0, v0, times: first)
                    a1 = Working.sum(a1, v1, times: first)
                    a2 = Working.sum(a2, v2, times: first)
                    b0 = Working.sum(b0, v0, times: second)
                    b1 = Working.sum(b1, v1, times: second)
                    b2 = Working.sum(b2, v2, times: second)
                }
                for tap in max(apart, weights.count)..<weights.count &+ apart {
                    let (weight, (v0, v1, v2)) = (weights[tap &- apart], vectors(tap))
                    b0 = Working.sum(b0, v0, times: weight)
                    b1 = Working.sum(b1, v1, times: weight)
                    b2 = Working.sum(b2, v2, times: weight)
                }
                sums.store(Working.settled(a0, scale), at: column)
                sums.store(Working.settled(a1, scale), at: column &+ lanes)
                sums.store(Working.settled(a2, scale), at: column &+ 2 &* lanes)
                sums.store(Working.settled(b0, scale), at: column &+ 3 &* lanes)
                sums.store(Working.settled(b1, scale), at: column &+ 4 &* lanes)
                sums.store(Working.settled(b2, scale), at: column &+ 5 &* lanes)
            }
        }
    }

    /// Writes the sums across rows, for two rows of the result, as far from each other as the rows
    /// that have a weight.
    ///
    /// The rows that are next for the one have just been used for the other: each is loaded once
    /// for both and stays in a register till then.
    ///
    /// - Parameters:
    ///   - rows: What is summed: the rows that the kernel reaches for both.
    ///   - columns: Whole groups.
    ///   - first: The sums around the row in the middle of the first kernel.
    ///   - second: The sums around the next that has a weight.
    @inline(__always)
    func writeAcross(
        _ rows: Row<Row<Working>>, columns: Range<Int>, to first: Row<Working>,
        _ second: Row<Working>
    ) {
        let lanes = Working.Vector.scalarCount
        let (spacing, shift, radius) = (spacing, shift, radius)
        weights.withRow { weights in
            for column in stride(from: columns.lowerBound, to: columns.upperBound, by: 2 &* lanes) {
                let next = column &+ lanes
                let (center, start) = (weights[0], Working.Vector(repeating: bias))
                @inline(__always)
                func middle(_ row: Int, _ column: Int) -> Working.Vector {
                    Working.sum(start, rows[row].vector(at: column), times: center)
                }
                var a0 = middle(radius, column)
                var a1 = middle(radius, next)
                var b0 = middle(radius &+ spacing, column)
                var b1 = middle(radius &+ spacing, next)
                var above0: Working.Vector = rows[radius &+ shift].vector(at: column)
                var above1: Working.Vector = rows[radius &+ shift].vector(at: next)
                var below0: Working.Vector = rows[radius &+ spacing &- shift].vector(at: column)
                var below1: Working.Vector = rows[radius &+ spacing &- shift].vector(at: next)
                for tap in 1..<max(weights.count, 1) {
                    let weight = weights[tap]
                    let away = tap &* spacing &- shift
                    let (upper, lower) = (
                        rows[radius &- away], rows[radius &+ spacing &+ away]
                    )
                    let upper0: Working.Vector = upper.vector(at: column)
                    let upper1: Working.Vector = upper.vector(at: next)
                    let lower0: Working.Vector = lower.vector(at: column)
                    let lower1: Working.Vector = lower.vector(at: next)
                    a0 = Working.sum(a0, Working.sum(upper0, below0), times: weight)
                    a1 = Working.sum(a1, Working.sum(upper1, below1), times: weight)
                    b0 = Working.sum(b0, Working.sum(above0, lower0), times: weight)
                    b1 = Working.sum(b1, Working.sum(above1, lower1), times: weight)
                    (above0, above1, below0, below1) = (upper0, upper1, lower0, lower1)
                }
                first.store(Working.settled(a0, scale), at: column)
                first.store(Working.settled(a1, scale), at: next)
                second.store(Working.settled(b0, scale), at: column)
                second.store(Working.settled(b1, scale), at: next)
            }
        }
    }

    /// Writes the sums across rows for the rows of a band.
    ///
    /// - Parameters:
    ///   - around: The rows that are summed: around the first of the band, and so on.
    ///   - columnCount: Whole pairs of vectors.
    ///   - band: At least as many rows as a multiple of four that is not below `count`.
    ///   - count: The rows that are wanted.
    func writeAcross(
        _ around: Row<Row<Working>>, columnCount: Int, to band: Rows<Working>, count: Int
    ) {
        let stripCount = 16 * Working.Vector.scalarCount
        for left in stride(from: 0, to: columnCount, by: stripCount) {
            let columns = left..<min(left + stripCount, columnCount)
            for block in stride(from: 0, to: count, by: 2 * spacing) {
                for y in block..<block + spacing {
                    writeAcross(
                        around[y..<y + 2 * radius + spacing + 1], columns: columns, to: band[y],
                        band[y + spacing])
                }
            }
        }
    }
}
