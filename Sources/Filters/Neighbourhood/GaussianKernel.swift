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

    /// The weights as they are summed: every other one where that is close enough.
    ///
    /// - Parameters:
    ///   - sigma: The standard deviation in pixels.
    ///   - isPrecise: Whether the errors that are allowed at 8 bits are too large.
    /// - Returns: The kernel of every sample where every other one is not enough.
    static func spaced(sigma: Double, isPrecise: Bool) -> SpacedKernel {
        let exact = weights(sigma: sigma)
        guard !isPrecise else { return SpacedKernel(exact) }
        // 0.18 of a level, which leaves enough for the rounding of all products.
        return SpacedKernel(approximating: exact, limit: 0.0014) ?? SpacedKernel(exact)
    }
}
