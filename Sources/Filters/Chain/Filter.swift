internal import Images

/// One filter with its arguments, before it is known what it will work on.
protocol Filter: Sendable {
    /// The name in messages.
    var name: String { get }

    /// What pixels of `format` become; the default leaves the format as it is.
    func resultFormat(for format: PixelFormat) -> PixelFormat

    /// Binds the filter to images of one layout, or gives nil where it leaves them as they are.
    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)?
}

extension Filter {
    func resultFormat(for format: PixelFormat) -> PixelFormat { format }
}

/// What a filter may ask for when it is bound to a layout.
struct FilterContext {
    /// Whether filters that mix pixels work in linear light.
    var isLinear: Bool

    /// The upright size that the image had before the decoder shrank it; nil where it did not, and
    /// for every filter but the first.
    var originalSize: ImageSize?

    /// The bytes of the widest rows of a band: a fraction of the second-level cache (512 KiB or
    /// more), since each operation has rings of rows in it too.
    var bandByteCount = 128 << 10

    /// Whether the source is an upper bound, because a filter before depends on the pixels.
    var isUpperBound = false

    /// The largest number of pixels in a result.
    var pixelLimit: Int

    /// The layout of a result, checked against the limit.
    func layout(
        width: Int, height: Int, format: PixelFormat, for filter: String
    ) throws(FilterError) -> PixelLayout {
        let (pixelCount, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixelCount <= pixelLimit,
            let size = ImageSize(width: width, height: height),
            let layout = PixelLayout(size: size, format: format)
        else {
            throw .pixelLimitExceeded(
                filter: filter, pixelCount: overflow ? .max : pixelCount, limit: pixelLimit)
        }
        return layout
    }
}
