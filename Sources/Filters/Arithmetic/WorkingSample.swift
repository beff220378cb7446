/// What sums of weighted samples are computed in, in an order that the code fixes, so that every
/// processor gives the same bytes.
///
/// The code that sums is written once over this protocol: 8-bit samples are summed as `Int16`,
/// which fills twice as many lanes as anything else that is exact enough, everything else as
/// `Float`.
protocol WorkingSample: BitwiseCopyable, Sendable, Comparable {
    /// Nothing.
    static var zero: Self { get }

    /// A sample on the working scale.
    init<Sample: PixelSample>(_ sample: Sample)

    /// The value of a sample that lies between samples, such as a premultiplied one.
    init(value: Float)

    /// The value on the scale of the samples.
    var value: Float { get }

    /// The nearest sample, halves up, the ends of the range for what lies beyond.
    func rounded<Sample: PixelSample>(to type: Sample.Type) -> Sample

    /// Weights as ``product(_:_:)`` takes them, with the scale of the products.
    static func quantized(_ weights: [Double]) -> WeightScale<Self>

    /// What one weighted sample adds to a sum, on the scale of the weights.
    static func product(_ sample: Self, _ weight: Self) -> Self

    /// The sum of two products.
    static func sum(_ first: Self, _ second: Self) -> Self

    /// A sum of products on the working scale again.
    static func settled(_ sum: Self, shift: Int16) -> Self
}

/// Weights on the scale of a working type.
struct WeightScale<Working: WorkingSample>: Sendable {
    /// One weight for each tap.
    let weights: [Working]

    /// What a sum begins with, so that it is rounded and not cut.
    let bias: Working

    /// By how many bits a sum must be shifted right to be on the working scale; left if negative.
    let shift: Int16
}

/// Fixed point with 6 fractional bits: samples of 8 bits take 14, which leaves room for the
/// overshoot of a kernel.
///
/// A product is the upper half of 32 bits, because that is one instruction (`pmulhw`) which the
/// compiler finds by itself; with rounding (`pmulhrsw`) it does not. Weights have as many
/// fractional bits as their largest allows, so that a product has 5, 6 or 7; cutting it costs half
/// a unit on average, which the bias gives back.
extension Int16: WorkingSample {
    @inline(__always)
    init<Sample: PixelSample>(_ sample: Sample) {
        self = Int16(truncatingIfNeeded: sample) &<< 6
    }

    @inline(__always)
    init(value: Float) {
        self = Int16(truncatingIfNeeded: Int32(nearestTo: value * 64))
    }

    @inline(__always)
    var value: Float { Float(self) * (1 / 64) }

    @inline(__always)
    func rounded<Sample: PixelSample>(to type: Sample.Type) -> Sample {
        let nearest = (self &+ 32) &>> 6
        return Sample(truncatingIfNeeded: Swift.min(Swift.max(nearest, 0), 255))
    }

    static func quantized(_ weights: [Double]) -> WeightScale<Int16> {
        let largest = weights.map(\.magnitude).max() ?? 0
        let total = weights.reduce(0) { $0 + $1.magnitude }
        var scale = 32768.0
        var shift: Int16 = -1
        // Another bit for the weights while they fit 16 bits and 255 times their sum does.
        while shift < 1, largest * scale * 2 <= 32767, total * 255 * 64 * scale / 32768 <= 32767 {
            scale *= 2
            shift += 1
        }
        var quantized = weights.map {
            Int16(Swift.max(Swift.min(($0 * scale).rounded(), 32767), -32768))
        }
        // Weights that sum to 1 keep doing so, for flat areas to stay as they are.
        let sum = (weights.reduce(0, +) * scale).rounded()
        let missing = sum - quantized.reduce(0.0) { $0 + Double($1) }
        if let peak = weights.indices.max(by: { weights[$0] < weights[$1] }) {
            let corrected = Double(quantized[peak]) + missing
            quantized[peak] = Int16(Swift.max(Swift.min(corrected, 32767), -32768))
        }
        let used = quantized.count { $0 != 0 }
        return WeightScale(weights: quantized, bias: Int16(used / 2), shift: shift)
    }

    @inline(__always)
    static func product(_ sample: Int16, _ weight: Int16) -> Int16 {
        sample.multipliedFullWidth(by: weight).high
    }

    @inline(__always)
    static func sum(_ first: Int16, _ second: Int16) -> Int16 { first &+ second }

    @inline(__always)
    static func settled(_ sum: Int16, shift: Int16) -> Int16 {
        shift < 0 ? sum &<< 1 : (sum &+ shift) &>> shift
    }
}

/// Samples as they are, with 24 bits of precision. Swift never contracts a product and a sum.
extension Float: WorkingSample {
    @inline(__always)
    init<Sample: PixelSample>(_ sample: Sample) {
        self = Float(Int32(truncatingIfNeeded: sample))
    }

    @inline(__always)
    init(value: Float) {
        self = value
    }

    @inline(__always)
    var value: Float { self }

    @inline(__always)
    func rounded<Sample: PixelSample>(to type: Sample.Type) -> Sample {
        Sample(
            truncatingIfNeeded: Int32(nearestTo: Swift.min(Swift.max(self, 0), Float(Sample.max))))
    }

    static func quantized(_ weights: [Double]) -> WeightScale<Float> {
        WeightScale(weights: weights.map { Float($0) }, bias: 0, shift: 0)
    }

    @inline(__always)
    static func product(_ sample: Float, _ weight: Float) -> Float { sample * weight }

    @inline(__always)
    static func sum(_ first: Float, _ second: Float) -> Float { first + second }

    @inline(__always)
    static func settled(_ sum: Float, shift: Int16) -> Float { sum }
}

extension Int32 {
    /// The nearest whole number, halves up, for magnitudes below 2²².
    ///
    /// The usual conversion checks for overflow, which keeps a loop from being vectorised. Adding
    /// 1.5 · 2²³ leaves the nearest whole number in the low bits of the significand, halves to even;
    /// the difference says which halves must still go up.
    @inline(__always)
    init(nearestTo value: Float) {
        let magic: Float = 12_582_912
        let shifted = value + magic
        let nearest = Int32(bitPattern: shifted.bitPattern &- magic.bitPattern)
        self = nearest &+ (value - (shifted - magic) >= 0.5 ? 1 : 0)
    }
}
