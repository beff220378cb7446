import Images

/// An image of doubles, on which the references of the filters are computed: slow and obvious.
public struct ReferenceImage {
    /// Pixels in a row.
    public var width: Int

    /// Rows.
    public var height: Int

    /// Samples of a pixel.
    public var channelCount: Int

    /// The largest sample: 255 or 65535.
    public let white: Double

    /// The samples in the order of memory, not rounded.
    public var samples: [Double]

    /// Whether the last channel is alpha.
    public var hasAlpha: Bool { channelCount % 2 == 0 }

    /// The channels without alpha.
    public var colorCount: Int { hasAlpha ? channelCount - 1 : channelCount }

    /// The samples of an image as they are.
    public init(_ image: TestImage) {
        width = image.layout.width
        height = image.layout.height
        channelCount = image.layout.format.channelCount
        white = image.white
        samples = image.samples.map(Double.init)
    }

    /// An image that has each sample computed from its place.
    public init(
        width: Int, height: Int, channelCount: Int, white: Double,
        sample: (_ x: Int, _ y: Int, _ channel: Int) -> Double
    ) {
        self.width = width
        self.height = height
        self.channelCount = channelCount
        self.white = white
        samples = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<channelCount { samples.append(sample(x, y, channel)) }
            }
        }
    }

    /// The sample at a place; beyond the border it is the nearest one.
    public subscript(_ x: Int, _ y: Int, _ channel: Int) -> Double {
        let column = min(max(x, 0), width - 1)
        let row = min(max(y, 0), height - 1)
        return samples[(row * width + column) * channelCount + channel]
    }

    /// The image with each sample computed from its place, of the same size and channels.
    public func mapped(
        _ sample: (_ x: Int, _ y: Int, _ channel: Int) -> Double
    ) -> ReferenceImage {
        ReferenceImage(
            width: width, height: height, channelCount: channelCount, white: white, sample: sample)
    }

    /// The image with each colour sample computed from its value between 0 and 1.
    public func curved(_ curve: (Double) -> Double) -> ReferenceImage {
        mapped { x, y, channel in
            let sample = self[x, y, channel]
            return isAlpha(channel) ? sample : curve(sample / white) * white
        }
    }

    /// Whether a channel is alpha.
    public func isAlpha(_ channel: Int) -> Bool { hasAlpha && channel == channelCount - 1 }

    /// Colour times alpha.
    public var premultiplied: ReferenceImage {
        guard hasAlpha else { return self }
        return mapped { x, y, channel in
            isAlpha(channel)
                ? self[x, y, channel]
                : self[x, y, channel] * self[x, y, channelCount - 1] / white
        }
    }

    /// The reverse of ``premultiplied``; transparent pixels become black.
    public var straight: ReferenceImage {
        guard hasAlpha else { return self }
        return mapped { x, y, channel in
            let alpha = self[x, y, channelCount - 1]
            if isAlpha(channel) { return alpha }
            return alpha <= 0 ? 0 : self[x, y, channel] * white / alpha
        }
    }

    /// Every sample between 0 and white.
    public var clamped: ReferenceImage {
        mapped { x, y, channel in min(max(self[x, y, channel], 0), white) }
    }

    /// What a filter that mixes pixels does with alpha: it works on premultiplied colour.
    public func mixed(_ filter: (ReferenceImage) -> ReferenceImage) -> ReferenceImage {
        filter(premultiplied).straight.clamped
    }

    /// The luma of a pixel with the weights of red, green and blue; a gray sample as it is.
    public func luma(
        _ x: Int, _ y: Int, weights: [Double] = [0.2126, 0.7152, 0.0722]
    ) -> Double {
        colorCount == 1
            ? self[x, y, 0] : (0..<3).reduce(0) { $0 + weights[$1] * self[x, y, $1] }
    }

    /// The image with one colour channel, computed from its place, and the same alpha.
    public func grayed(_ gray: (_ x: Int, _ y: Int) -> Double) -> ReferenceImage {
        ReferenceImage(
            width: width, height: height, channelCount: hasAlpha ? 2 : 1, white: white
        ) { x, y, channel in channel == 0 ? gray(x, y) : self[x, y, channelCount - 1] }
    }
}
