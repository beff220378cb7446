/// e to the power of a factor times eight numbers at most, to 3 · 10⁻⁴ of it down to e⁻⁷, and to 2 %
/// down to e⁻¹⁰: a polynomial for a sixteenth of the power, squared four times.
///
/// It needs neither a table nor the bits of the number, and is the same on every processor. The
/// coefficients are those of the least error that is largest where sums of many small powers allow
/// it; those of the series would need a term more.
struct VectorExponential: Sendable {
    private let first: Float
    private let second: Float
    private let third: Float

    /// Beyond it the power is zero to any sample, and the polynomial no longer falls.
    private let largest: Float

    /// - Parameter factor: Below zero.
    init(factor: Float) {
        // Where the smallest difference of two samples already makes zero.
        let scale = max(factor, -1e8) / 16
        first = 0.999_406_4 * scale
        second = 0.491_963_5 * scale * scale
        third = 0.134_682_1 * scale * scale * scale
        largest = -25 / 16 / scale
    }

    /// The powers of numbers that are not below zero.
    @inline(__always)
    func callAsFunction(_ numbers: SIMD8<Float>) -> SIMD8<Float> {
        let x = numbers.replacing(with: largest, where: numbers .> largest)
        var power = x * third + second
        power = power * x + first
        power = power * x + 1
        power *= power
        power *= power
        power *= power
        power *= power
        return power
    }
}
