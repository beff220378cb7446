public import Filters
public import Images

/// What is to be done to one image: all that a plan depends on besides the chain.
///
/// Parent and child each make the plan from it, so that no offset or size needs to be believed.
public struct FilterRequest: Hashable, Sendable {
    /// The pixels that lie at the start of the memory.
    public var source: PixelLayout

    /// How they are to be turned first.
    public var orientation: Orientation

    /// The size of the image before its decoder shrank it; the same as the source's if it did not.
    public var originalSize: ImageSize

    /// The format that the encoder wants.
    public var resultFormat: PixelFormat

    /// What alpha is laid over where the result has none.
    public var background: Color

    /// The most pixels that the result of any filter may have.
    public var pixelLimit: Int

    /// Makes a request.
    public init(
        source: PixelLayout, orientation: Orientation, originalSize: ImageSize,
        resultFormat: PixelFormat, background: Color, pixelLimit: Int
    ) {
        self.source = source
        self.orientation = orientation
        self.originalSize = originalSize
        self.resultFormat = resultFormat
        self.background = background
        self.pixelLimit = pixelLimit
    }

    /// The steps of `chain` on this image, and the memory that they take.
    ///
    /// - Parameter chain: The filters of the run.
    /// - Returns: The plan, the same in every process.
    /// - Throws: ``FilterError`` if a filter cannot be applied to the image.
    public func plan(_ chain: FilterChain) throws(FilterError) -> FilterPlan {
        try chain.plan(
            for: source, orientation: orientation, originalSize: originalSize,
            resultFormat: resultFormat, background: background, pixelLimit: pixelLimit)
    }
}
