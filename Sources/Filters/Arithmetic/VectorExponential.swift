extension SIMD8<Float> {
    /// e to the power of eight numbers at most 0, to 3 · 10⁻⁶: the first five terms of the series for
    /// a sixteenth of the number, squared four times.
    ///
    /// It needs neither a table nor the bits of the number, and is the same on every processor.
    @inline(__always)
    static func exponential(of x: SIMD8<Float>) -> SIMD8<Float> {
        // Beyond −25 the power is zero to any sample, and the polynomial no longer falls.
        let least = SIMD8<Float>(repeating: -25)
        let y = x.replacing(with: least, where: x .< least)
        var power = y * (1 / 1_572_864) + (1 / 24576)
        power = power * y + (1 / 512)
        power = power * y + (1 / 16)
        power = power * y + 1
        power *= power
        power *= power
        power *= power
        power *= power
        return power
    }
}
