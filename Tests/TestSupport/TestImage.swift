public import Images

/// An image that a test makes and looks at: samples as numbers, row by row.
public struct TestImage: Equatable, Sendable {
    /// What the samples mean.
    public let layout: PixelLayout

    /// The samples in the order of memory.
    public var samples: [UInt16]

    /// Makes an image from its samples.
    public init(_ layout: PixelLayout, samples: [UInt16]) {
        precondition(samples.count == layout.samplesPerRow * layout.height, "samples of \(layout)")
        self.layout = layout
        self.samples = samples
    }

    /// Makes an image from the bytes of a frame.
    public init(_ layout: PixelLayout, bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(layout.byteCount))
        if layout.format.bitsPerSample == 8 {
            self.init(layout, samples: bytes.map(UInt16.init))
        } else {
            let samples = stride(from: 0, to: bytes.count, by: 2).map {
                UInt16(littleEndian: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
            }
            self.init(layout, samples: samples)
        }
    }

    /// The bytes as they lie in a frame.
    public var bytes: [UInt8] {
        layout.format.bitsPerSample == 8
            ? samples.map { UInt8($0) }
            : samples.flatMap { [UInt8($0.littleEndian & 0xFF), UInt8($0.littleEndian >> 8)] }
    }

    /// The largest sample.
    public var white: Double { layout.format.bitsPerSample == 8 ? 255 : 65535 }

    /// Random samples, every value as likely as every other.
    public static func noise(
        _ format: PixelFormat, _ size: ImageSize, seed: UInt64 = 1
    ) -> TestImage {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        return make(format, size) { _, _, _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt16(truncatingIfNeeded: state >> 40)
        }
    }

    /// Slopes with a few hard edges, different in each channel.
    public static func shapes(_ format: PixelFormat, _ size: ImageSize) -> TestImage {
        make(format, size) { x, y, channel in
            let slope = (x * 700 + y * 311 + channel * 9000) % 65536
            let isEdge = (x / 7 + y / 5 + channel) % 3 == 0
            return UInt16(isEdge ? 65535 - slope : slope)
        }
    }

    /// All samples of one value, given in 65535ths.
    public static func flat(
        _ format: PixelFormat, _ size: ImageSize, value: UInt16
    ) -> TestImage {
        make(format, size) { _, _, _ in value }
    }

    private static func make(
        _ format: PixelFormat, _ size: ImageSize, sample: (Int, Int, Int) -> UInt16
    ) -> TestImage {
        guard let layout = PixelLayout(size: size, format: format) else {
            preconditionFailure("\(size) does not fit memory")
        }
        var samples: [UInt16] = []
        for y in 0..<size.height {
            for x in 0..<size.width {
                for channel in 0..<format.channelCount {
                    let value = sample(x, y, channel)
                    samples.append(format.bitsPerSample == 8 ? value >> 8 : value)
                }
            }
        }
        return TestImage(layout, samples: samples)
    }
}

extension ImageSize {
    /// The sizes where strides, borders and vector widths go wrong.
    public static let odd: [ImageSize] = [(1, 1), (1, 65), (65, 1), (33, 17)]
        .compactMap { ImageSize(width: $0.0, height: $0.1) }
}
