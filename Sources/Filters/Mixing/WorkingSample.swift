/// What sums of weighted samples are computed in, in an order that the code fixes, so that every
/// processor gives the same bytes.
///
/// The code that sums is written once over this protocol: 8-bit samples are summed as `Int16`,
/// which fills twice as many lanes as anything else that is exact enough, everything else as
/// `Float`.
protocol WorkingSample: SIMDScalar, BitwiseCopyable, Sendable, Hashable, Codable, Comparable {
    /// A sample on the working scale.
    init<Sample: PixelSample>(_ sample: Sample)

    /// The value of a sample that lies between samples, such as a premultiplied one.
    init(value: Float)

    /// The value on the scale of the samples.
    var value: Float { get }

    /// The nearest sample, halves up, the ends of the range for what lies beyond.
    func rounded<Sample: PixelSample>(to type: Sample.Type) -> Sample

    /// 32 bytes of working samples: what one instruction works on where processors have AVX2.
    associatedtype Vector: SIMD where Vector.Scalar == Self

    /// The scale on which weights are taken, for a set of sums that share it.
    static func scale(for sums: [[Double]]) -> WeightScale

    /// A weight on a scale.
    init(weight: Double, _ scale: WeightScale)

    /// The weight that this one is on a scale.
    func weight(_ scale: WeightScale) -> Double

    /// What a sum of so many products begins with, so that it is rounded and not cut.
    static func bias(productCount: Int) -> Self

    /// Whether a sample that is loaded should count for two sums, rather than be added to the one with
    /// the same weight first: so where there are as many units for products as for sums.
    ///
    /// Three vectors must then be a whole number of pixels of any format.
    static var sharesLoads: Bool { get }

    /// Samples of two vectors added, where none is below zero: twice the white fits.
    static func sum(_ first: Vector, _ second: Vector) -> Vector

    /// A sum with one more weighted sample in each lane.
    static func sum(_ sum: Vector, _ samples: Vector, times weight: Self) -> Vector

    /// A sum on the working scale again.
    static func settled(_ sum: Vector, _ scale: WeightScale) -> Vector

    /// Samples smoothed by 1 4 6 4 1, of five vectors none of which is below zero.
    ///
    /// - Parameters:
    ///   - middle: What counts for 6 of 16.
    ///   - near: The two that count for 4 each.
    ///   - far: The two that count for 1 each.
    /// - Returns: The sums, on the scale of the samples.
    static func smoothed(_ middle: Vector, near: (Vector, Vector), far: (Vector, Vector)) -> Vector

    /// Writes eight columns, one after the other, of as many rows as a vector has lanes.
    static func transpose(rows: Row<Self>, pitch: Int, toEightColumns columns: Row<Self>)

    /// The reverse.
    static func transpose(eightColumns columns: Row<Self>, toRows rows: Row<Self>, pitch: Int)
}

/// How many fractional bits weights have beyond 15, and sums of products beyond 5.
struct WeightScale: Sendable {
    let extraBits: Int16
}

/// Fixed point with 6 fractional bits: samples of 8 bits take 14, which leaves room for the
/// overshoot of a kernel.
///
/// A product is the upper half of 32 bits, because that is one instruction (`pmulhw`) which the
/// compiler finds by itself. Weights have as many fractional bits as their largest allows, so that a
/// product has 5, 6 or 7; cutting it costs half a unit on average, which the bias gives back.
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

    typealias Vector = SIMD16<Int16>

    static func scale(for sums: [[Double]]) -> WeightScale {
        let largest = sums.joined().reduce(0) { Swift.max($0, $1.magnitude) }
        let gain = sums.reduce(0) { Swift.max($0, $1.reduce(0) { $0 + $1.magnitude }) }
        var extraBits: Int16 = 0
        // Another bit while the weights fit 16 bits and 255 times their sum does.
        while extraBits < 2, largest * Double(65536 << extraBits) <= 32767,
            gain * 255 * Double(64 << extraBits) <= 32767
        {
            extraBits += 1
        }
        return WeightScale(extraBits: extraBits)
    }

    init(weight: Double, _ scale: WeightScale) {
        let scaled = (weight * Double(32768 << scale.extraBits)).rounded()
        self = Int16(Swift.max(Swift.min(scaled, 32767), -32768))
    }

    func weight(_ scale: WeightScale) -> Double {
        Double(self) / Double(32768 << scale.extraBits)
    }

    static var sharesLoads: Bool { false }

    static func bias(productCount: Int) -> Int16 { Int16(truncatingIfNeeded: productCount / 2) }

    @inline(__always)
    static func sum(_ first: Vector, _ second: Vector) -> Vector { first &+ second }

    /// A loop over the lanes becomes one multiplication; the SIMD types have no operation for the
    /// upper half, and converting them to 32 bits and back is not seen through.
    @inline(__always)
    static func sum(_ sum: Vector, _ samples: Vector, times weight: Int16) -> Vector {
        var products = Vector()
        for lane in 0..<Vector.scalarCount {
            products[lane] = samples[lane].multipliedFullWidth(by: weight).high
        }
        return sum &+ products
    }

    /// Means of two, whose rounding up makes no more than 1.2 units together.
    @inline(__always)
    static func smoothed(
        _ middle: Vector, near: (Vector, Vector), far: (Vector, Vector)
    ) -> Vector {
        mean(mean(near.0, near.1), mean(mean(mean(far.0, far.1), middle), middle))
    }

    /// The mean of two that are not below zero, rounded up: what the compiler makes `pavgw` of.
    @inline(__always)
    private static func mean(_ first: Vector, _ second: Vector) -> Vector {
        let (first, second) = (
            SIMD16<UInt16>(truncatingIfNeeded: first), SIMD16<UInt16>(truncatingIfNeeded: second)
        )
        return Vector(truncatingIfNeeded: (first | second) &- ((first ^ second) &>> 1))
    }

    @inline(__always)
    static func settled(_ sum: Vector, _ scale: WeightScale) -> Vector {
        switch scale.extraBits {
        case 0: sum &<< 1
        case 1: sum
        default: (sum &+ 1) &>> 1
        }
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

    typealias Vector = SIMD8<Float>

    static func scale(for sums: [[Double]]) -> WeightScale { WeightScale(extraBits: 0) }

    init(weight: Double, _ scale: WeightScale) { self = Float(weight) }

    func weight(_ scale: WeightScale) -> Double { Double(self) }

    static var sharesLoads: Bool { true }

    static func bias(productCount: Int) -> Float { 0 }

    @inline(__always)
    static func sum(_ first: Vector, _ second: Vector) -> Vector { first + second }

    @inline(__always)
    static func sum(_ sum: Vector, _ samples: Vector, times weight: Float) -> Vector {
        sum + samples * weight
    }

    @inline(__always)
    static func smoothed(
        _ middle: Vector, near: (Vector, Vector), far: (Vector, Vector)
    ) -> Vector {
        (far.0 + far.1 + (near.0 + near.1) * 4 + middle * 6) * 0.0625
    }

    @inline(__always)
    static func settled(_ sum: Vector, _ scale: WeightScale) -> Vector { sum }
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
