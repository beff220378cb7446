/// The normalised weights of a Gaussian from −⌈3σ⌉ to ⌈3σ⌉.
enum GaussianKernel {
    /// The weights; their number is odd.
    static func weights(sigma: Double) -> [Double] {
        let radius = Int((3 * sigma).rounded(.up))
        let weights = (-radius...radius).map { offset in
            Elementary.exp(-Double(offset * offset) / (2 * sigma * sigma))
        }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }
}
