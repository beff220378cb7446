/// The curve between encoded sRGB values and linear light (IEC 61966-2-1), as tables.
struct TransferCurve: Sendable {
    /// Linear light of each encoded sample, on the scale of the samples.
    private let linear: [Float]

    /// The encoded value of each 4096th of linear light, of the square root of which it is taken
    /// so that dark values, where the curve is steep, get more entries.
    private let encoded: [Float]

    private static let encodedCount = 16384

    /// Makes the tables for samples of a depth.
    init(bitsPerSample: Int) {
        let white = Double(1 << bitsPerSample - 1)
        linear = (0..<1 << bitsPerSample).map { Float(Self.linear(Double($0) / white) * white) }
        encoded = (0...Self.encodedCount + 1).map { index in
            let root = Double(index) / Double(Self.encodedCount)
            return Float(Self.encoded(root * root) * white)
        }
    }

    /// The linear light of a sample, on the scale of the samples.
    @inline(__always)
    func linear<Sample: PixelSample>(_ sample: Sample) -> Float { linear[Int(sample)] }

    /// The encoded value of linear light, both on the scale of the samples.
    @inline(__always)
    func encoded(_ value: Float, white: Float) -> Float {
        let position = (min(max(value, 0), white) / white).squareRoot() * Float(Self.encodedCount)
        let index = Int(position)
        let fraction = position - Float(index)
        return encoded[index] + fraction * (encoded[index + 1] - encoded[index])
    }

    private static func linear(_ value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : Elementary.pow((value + 0.055) / 1.055, 2.4)
    }

    private static func encoded(_ value: Double) -> Double {
        value <= 0.0031308 ? value * 12.92 : 1.055 * Elementary.pow(value, 1 / 2.4) - 0.055
    }
}
