/// What the samples of a pixel are, in the order in which they lie in memory.
///
/// Samples are interleaved. A 16-bit sample is a `UInt16` in the byte order of the machine. Alpha
/// is straight (not premultiplied) wherever pixels are stored.
public enum PixelFormat: UInt8, Hashable, Sendable, CaseIterable {
    case gray8 = 0
    case grayAlpha8 = 1
    case rgb8 = 2
    case rgba8 = 3
    case gray16 = 4
    case grayAlpha16 = 5
    case rgb16 = 6
    case rgba16 = 7

    /// Finds the format with these properties, or nil where `channelCount` is not 1 to 4 or
    /// `bitsPerSample` not 8 or 16.
    public init?(channelCount: Int, bitsPerSample: Int) {
        guard (1...4).contains(channelCount), bitsPerSample == 8 || bitsPerSample == 16 else {
            return nil
        }
        self.init(rawValue: UInt8(channelCount - 1 + (bitsPerSample == 16 ? 4 : 0)))
    }

    /// The number of samples in a pixel, 1 to 4, alpha included.
    public var channelCount: Int { Int(rawValue & 3) + 1 }

    /// The bit depth: 8 or 16.
    public var bitsPerSample: Int { rawValue < 4 ? 8 : 16 }

    /// The bytes of one sample: 1 or 2.
    public var bytesPerSample: Int { rawValue < 4 ? 1 : 2 }

    /// The bytes of one pixel, 1 to 8.
    public var bytesPerPixel: Int { channelCount * bytesPerSample }

    /// Whether the last channel is alpha.
    public var hasAlpha: Bool { channelCount == 2 || channelCount == 4 }

    /// Whether there are three colour channels.
    public var isColor: Bool { channelCount >= 3 }

    /// The same colour channels without alpha.
    public var withoutAlpha: PixelFormat { hasAlpha ? PixelFormat(bare: rawValue - 1) : self }

    /// The same channels, alpha included, with one gray channel in place of three of colour.
    public var withoutColor: PixelFormat { isColor ? PixelFormat(bare: rawValue - 2) : self }

    /// The same channels at 8 bits.
    public var at8Bits: PixelFormat { PixelFormat(bare: rawValue & 3) }

    /// The same channels at 16 bits.
    public var at16Bits: PixelFormat { PixelFormat(bare: rawValue & 3 | 4) }

    /// For raw values computed from another format's, which always exist.
    private init(bare rawValue: UInt8) {
        guard let format = PixelFormat(rawValue: rawValue) else {
            preconditionFailure("a format computed from a format has a raw value of 0 to 7")
        }
        self = format
    }
}

extension PixelFormat: CustomStringConvertible {
    /// `rgba8`, for messages.
    public var description: String {
        ["gray", "gray+alpha", "rgb", "rgba"][channelCount - 1] + String(bitsPerSample)
    }
}
