internal import Images

/// A filter whose result at a pixel depends on that pixel alone, so that several in a row are
/// one pass over the image.
protocol PointFilter: Filter {
    /// What is done to each pixel.
    var point: PointOperation { get }
}

/// What a point filter does to each pixel.
///
/// Alpha is left alone.
enum PointOperation: Sendable {
    /// Each colour sample by itself: the new value of a value, both from 0 to 1.
    case curve(@Sendable (Double) -> Double)

    /// Weighted sums of the colour channels, for which gray is repeated if the result is coloured.
    case matrix(ColorMatrix, colorsGray: Bool)

    /// Colour to gray.
    case luma(Luma)
}

extension PointFilter {
    func resultFormat(for format: PixelFormat) -> PixelFormat {
        switch point {
        case .luma: format.withoutColor
        case .matrix(_, colorsGray: true): format.withColor
        case .curve, .matrix: format
        }
    }

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        try PointPass([self], on: source, in: context)
    }
}

extension PixelFormat {
    /// The same channels with three of colour in place of one.
    var withColor: PixelFormat {
        isColor
            ? self
            : PixelFormat(channelCount: channelCount + 2, bitsPerSample: bitsPerSample) ?? self
    }
}
