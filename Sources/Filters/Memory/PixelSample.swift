internal import Images

/// A sample as it is stored: `UInt8` or `UInt16`.
protocol PixelSample: FixedWidthInteger, UnsignedInteger, SIMDScalar, BitwiseCopyable, Codable,
    Sendable
{
    /// What sums of weighted samples are computed in.
    associatedtype Working: WorkingSample

    /// What differences of samples are computed in: the least that holds them.
    associatedtype Change: FixedWidthInteger & SignedInteger & SIMDScalar & BitwiseCopyable
}

extension UInt8: PixelSample {
    typealias Working = Int16
    typealias Change = Int16
}

extension UInt16: PixelSample {
    typealias Working = Float
    typealias Change = Int32
}

extension PixelSample {
    /// The nearest sample to a value on the sample's own scale: halves go up, values outside the
    /// range to its ends.
    @inline(__always)
    init(rounding value: Double) {
        self.init(Swift.min(Swift.max(value + 0.5, 0), Double(Self.max)))
    }

    /// The largest sample as a `Double`: what 1.0 means.
    static var white: Double { Double(Self.max) }
}
