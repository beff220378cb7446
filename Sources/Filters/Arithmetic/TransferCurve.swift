/// The curve between encoded sRGB values and linear light (IEC 61966-2-1), as tables.
struct TransferCurve: Sendable {
    /// Linear light of each encoded sample, on the scale of the samples.
    private let linear: [Float]

    /// The encoded value of each 4096th of linear light, of the square root of which it is taken
    /// so that dark values, where the curve is steep, get more entries.
    private let encoded: [Float]

    /// The nearest sample to each of these, if samples have 8 bits: half an entry is a hundredth of
    /// a level at most, and the table stays in the first-level cache.
    private let nearest: [UInt8]

    private static let encodedCount = 16384

    /// Makes the tables for samples of a depth.
    init(bitsPerSample: Int) {
        let white = Double(1 << bitsPerSample - 1)
        linear = (0..<1 << bitsPerSample).map { Float(Self.linear(Double($0) / white) * white) }
        let encoded = (0...Self.encodedCount + 1).map { index in
            let root = Double(index) / Double(Self.encodedCount)
            return Float(Self.encoded(root * root) * white)
        }
        self.encoded = encoded
        nearest = bitsPerSample == 8 ? encoded.map { $0.rounded(to: UInt8.self) } : []
    }

    /// The linear light of a sample, on the scale of the samples.
    @inline(__always)
    func linear<Sample: PixelSample>(_ sample: Sample) -> Float { linear[Int(sample)] }

    /// The encoded value of linear light, both on the scale of the samples.
    @inline(__always)
    func encoded(_ value: Float, white: Float) -> Float {
        encoded(at: Self.position(of: value, white: white))
    }

    /// Writes the samples that are nearest to linear light on their scale, which is lost.
    func encode<Sample: PixelSample>(_ light: Row<Float>, into samples: Row<Sample>) {
        // A loop of its own becomes vector code, which looking up in tables does not.
        let white = Float(Sample.max)
        for index in 0..<light.count {
            light[index] = Self.position(of: light[index], white: white)
        }
        if Sample.bitWidth == 8 {
            nearest.withRow { nearest in
                for index in 0..<light.count {
                    let entry = nearest[Int(Int32(nearestTo: light[index]))]
                    samples[index] = Sample(truncatingIfNeeded: entry)
                }
            }
        } else {
            for index in 0..<light.count {
                samples[index] = encoded(at: light[index]).rounded(to: Sample.self)
            }
        }
    }

    /// Where in the table linear light is, between its entries.
    @inline(__always)
    private static func position(of value: Float, white: Float) -> Float {
        (min(max(value, 0), white) * (1 / white)).squareRoot() * Float(encodedCount)
    }

    @inline(__always)
    private func encoded(at position: Float) -> Float {
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
