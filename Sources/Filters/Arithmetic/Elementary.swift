/// Elementary functions of which every processor gives the same bits.
///
/// A C library picks its code by the processor, with or without fused multiplication, and the last
/// bit may differ; a kernel's weight that is rounded from it would then differ too. These are used
/// for tables only, so they are short rather than fast. They are exact to about 10⁻¹⁵.
enum Elementary {
    static let ln2 = 0.693_147_180_559_945_3

    /// eˣ for magnitudes below 700: 2ⁿ times the Taylor series of what remains.
    static func exp(_ x: Double) -> Double {
        guard x > -700 else { return 0 }
        let n = (x / ln2).rounded()
        let remainder = x - n * ln2
        var term = 1.0
        var sum = 1.0
        for index in 1...20 {
            term *= remainder / Double(index)
            sum += term
        }
        return sum * Double(sign: .plus, exponent: Int(n), significand: 1)
    }

    /// The natural logarithm of a positive number, by the series of artanh.
    static func log(_ x: Double) -> Double {
        var significand = x.significand
        var exponent = Double(x.exponent)
        if significand > 1.414_213_562_373_095 {
            significand /= 2
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        var power = ratio
        var sum = 0.0
        for index in 0..<20 {
            sum += power / Double(2 * index + 1)
            power *= ratio * ratio
        }
        return exponent * ln2 + 2 * sum
    }

    /// x to the power y for x ≥ 0.
    static func pow(_ x: Double, _ y: Double) -> Double {
        x <= 0 ? 0 : y == 1 ? x : exp(y * log(x))
    }

    /// The sine, by its Taylor series after reduction to −π/2…π/2.
    static func sin(_ x: Double) -> Double {
        let half = (x / .pi).rounded()
        let reduced = x - half * .pi
        var term = reduced
        var sum = reduced
        for index in stride(from: 2, through: 26, by: 2) {
            term *= -reduced * reduced / Double(index * (index + 1))
            sum += term
        }
        return half.truncatingRemainder(dividingBy: 2) == 0 ? sum : -sum
    }

    /// The cosine.
    static func cos(_ x: Double) -> Double { sin(x + .pi / 2) }
}
