/// An odd kernel, the same from both ends, as it is summed: each sample by its own weight, or every
/// other sample after all were smoothed by 1 4 6 4 1, which takes half of the products.
///
/// Smooth weights can be made of the smoothing, spread out (the "algorithme à trous" of M. Holschneider
/// et al., 1989). What cannot is the step where the formula cuts the Gaussian off: the magnitudes
/// of all errors of the weights together are a little more than that step.
struct SpacedKernel: Sendable {
    /// The weight in the middle, then those of the pairs of samples outwards.
    let weights: [Double]

    /// From a sample of a pair to that of the next: 1 or 2.
    let spacing: Int

    /// By how much all pairs lie nearer to the middle than so many spacings: 1 where only the
    /// samples at odd distances have a weight.
    let shift: Int

    /// What samples are smoothed by if not all of them have a weight.
    private static let smoothing = [1.0, 4, 6, 4, 1].map { $0 / 16 }

    /// How far from the middle samples are smoothed if they are.
    static let reach = 2

    /// Each sample by its own weight.
    init(_ weights: [Double]) {
        self.weights = Array(weights[(weights.count / 2)...])
        spacing = 1
        shift = 0
    }

    /// The weights of every other sample, or nil if their errors are larger than `limit` together.
    init?(approximating exact: [Double], limit: Double) {
        // What is smoothed into the last pair is one sample too far.
        let last = exact.count / 2 - 1
        guard last > 0 else { return nil }
        let fitted = Self.fitted(to: exact, last: last)
        let total = fitted.reduce(0, +)
        let half = fitted[(fitted.count / 2)...].map { $0 / total }
        spacing = 2
        shift = last % 2
        weights = shift == 0 ? half : [0] + half
        let errors = zip(unspaced, [0] + exact + [0]).map { abs($0 - $1) }
        guard errors.reduce(0, +) <= limit else { return nil }
    }

    /// Whether samples are smoothed first.
    var isSmoothed: Bool { spacing > 1 }

    /// How far from the middle there are samples with a weight.
    var radius: Int { weights.count == 1 ? 0 : spacing * (weights.count - 1) - shift }

    /// The weights of all samples, with the smoothing.
    private var unspaced: [Double] {
        var sums = [Double](repeating: 0, count: 2 * (radius + Self.reach) + 1)
        for (pair, weight) in weights.enumerated() {
            let distance = pair == 0 ? 0 : pair * spacing - shift
            for (tap, part) in Self.smoothing.enumerated() {
                sums[radius + distance + tap] += weight * part
                if pair > 0 { sums[radius - distance + tap] += weight * part }
            }
        }
        return sums
    }

    /// The weights from `-last` to `last` whose errors have the least squares.
    ///
    /// The equations for them are those of the smoothing's products with itself, 70 28 1, which lie
    /// so far on the diagonal that going through them again and again (Gauss and Seidel) halves the
    /// error at least each fourth time.
    private static func fitted(to exact: [Double], last: Int) -> [Double] {
        let middle = exact.count / 2
        let aims = stride(from: -last, through: last, by: 2).map { place in
            smoothing.enumerated().reduce(0.0) { sum, tap in
                let index = middle + place + tap.offset - reach
                return exact.indices.contains(index) ? sum + tap.element * exact[index] : sum
            }
        }
        var weights = aims
        func weight(_ index: Int) -> Double {
            weights.indices.contains(index) ? weights[index] : 0
        }
        for _ in 0..<200 {
            for index in weights.indices {
                let near = weight(index - 1) + weight(index + 1)
                let far = weight(index - 2) + weight(index + 2)
                weights[index] = (256 * aims[index] - 28 * near - far) / 70
            }
        }
        return weights
    }
}
