public import Images

/// The filters that every image of a batch goes through, in order.
public struct FilterChain: Sendable {
    /// The specifications as given; ``init(_:linear:)`` of them makes an equal chain.
    public let specifications: [String]

    /// Whether filters that mix pixels work in linear light.
    public let isLinear: Bool

    private let filters: [any Filter]

    /// The largest number of pixels of a result where the caller sets no limit.
    public static let standardPixelLimit = 268_402_689

    /// Reads specifications as `resize:50%` or `unsharp:2,amount=0.5`.
    ///
    /// - Throws: A usage error that names the filter, the key, the value and what is allowed.
    public init(_ specifications: [String], linear: Bool = false) throws(FilterError) {
        self.specifications = specifications
        isLinear = linear
        var filters: [any Filter] = []
        for specification in specifications {
            filters.append(try FilterTable.filter(specification))
        }
        self.filters = filters
    }

    /// Whether the chain has no filter.
    public var isEmpty: Bool { filters.isEmpty }

    /// What the chain turns pixels of `format` into.
    public func resultFormat(for format: PixelFormat) -> PixelFormat {
        filters.reduce(format) { $1.resultFormat(for: $0) }
    }

    /// By how much a decoder may shrink an image for this chain, because a `resize` comes first
    /// that makes it at least twice as small again on both sides, or by the preferred factor just
    /// smaller.
    ///
    /// Photographs made 256 pixels wide differ from a resize of the whole image by 0.6 levels of 255
    /// in the mean at most where twice the size is left, and by 1.4 where any is.
    ///
    /// In linear light nothing may be shrunk, since decoders do it on encoded values.
    ///
    /// - Parameters:
    ///   - size: The size as stored, before the orientation is applied.
    ///   - orientation: How the image will be turned.
    ///   - offered: The factors that the decoder has.
    ///   - preferred: The one of them that saves most of the decoding, if there is one.
    /// - Returns: The largest factor that keeps the quality, 1 if there is none.
    public func shrink(
        for size: ImageSize, orientation: Orientation, offered: [Int], preferred: Int? = nil
    ) -> Int {
        guard !isLinear, let resize = filters.first as? Resize, resize.kernel != .nearest
        else { return 1 }
        let upright = orientation.exchangesSides ? size.transposed : size
        let scaled = resize.scaledSize(for: upright)
        return offered.filter { factor in
            let margin = factor == preferred ? 1 : 2
            return factor > 0 && upright.width / factor >= margin * scaled.width
                && upright.height / factor >= margin * scaled.height
        }.max() ?? 1
    }

    /// Works out what is to be done to images of one layout, and the memory that it takes.
    ///
    /// The orientation is applied first, then the chain, then a conversion to `resultFormat`.
    ///
    /// - Parameters:
    ///   - source: The image as it was decoded.
    ///   - orientation: How it must be turned first.
    ///   - originalSize: The size as stored in the file, before the orientation, where the decoder
    ///     shrank the image: sizes are computed from it.
    ///   - resultFormat: What the encoder needs; nil leaves what the chain gives. Alpha is laid over
    ///     `background` where this format has none, 16 bits are rounded to 8, gray is repeated.
    ///   - background: What is behind transparent pixels.
    ///   - pixelLimit: The largest number of pixels that a filter may make.
    /// - Returns: The plan.
    /// - Throws: `pixelLimitExceeded` or `outsideImage`.
    public func plan(
        for source: PixelLayout, orientation: Orientation = .topLeft,
        originalSize: ImageSize? = nil, resultFormat: PixelFormat? = nil,
        background: Color = .white, pixelLimit: Int = FilterChain.standardPixelLimit
    ) throws(FilterError) -> FilterPlan {
        var all: [any Filter] = [Orient(orientation)] + filters
        if let resultFormat { all.append(Convert(to: resultFormat, background: background)) }
        let context = FilterContext(
            isLinear: isLinear,
            originalSize: orientation.exchangesSides ? originalSize?.transposed : originalSize,
            pixelLimit: pixelLimit)
        return try FilterPlan(all, for: source, in: context)
    }
}
