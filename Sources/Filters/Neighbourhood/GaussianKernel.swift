/// The normalised weights of a Gaussian from −⌈3σ⌉ to ⌈3σ⌉.
enum GaussianKernel {
    /// The weights; their number is odd.
    static func weights(sigma: Double) -> [Double] {
        // Below, the neighbours count nothing either, and the square would be zero some time.
        let sigma = max(sigma, 0.01)
        let radius = Int((3 * sigma).rounded(.up))
        let weights = (-radius...radius).map { offset in
            Elementary.exp(-Double(offset * offset) / (2 * sigma * sigma))
        }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }

    /// The weights as they are summed: every other one where that is close enough.
    ///
    /// - Parameters:
    ///   - sigma: The standard deviation in pixels.
    ///   - isPrecise: Whether the errors that are allowed at 8 bits are too large.
    ///   - isLinear: Whether samples are decoded to linear light.
    /// - Returns: The kernel of every sample where every other one is not enough.
    static func spaced(sigma: Double, isPrecise: Bool, isLinear: Bool) -> SpacedKernel {
        let exact = weights(sigma: sigma)
        guard let limit = limit(sigma: sigma, isPrecise: isPrecise, isLinear: isLinear) else {
            return SpacedKernel(exact)
        }
        return SpacedKernel(approximating: exact, limit: limit) ?? SpacedKernel(exact)
    }

    /// What the magnitudes of all errors of the weights may add up to, if there may be any.
    private static func limit(sigma: Double, isPrecise: Bool, isLinear: Bool) -> Double? {
        // The encoding makes an error of the dark up to thirteen times as large; above ten, it may be
        // two levels.
        if isLinear { return sigma > 10 ? 0.00046 : nil }
        // 0.18 of a level, which leaves enough for the rounding of all products.
        return isPrecise ? nil : 0.0014
    }
}
