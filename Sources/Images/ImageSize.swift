/// The dimensions of an image in pixels, each at least 1.
public struct ImageSize: Hashable, Sendable {
    /// The number of pixels in a row, at least 1.
    public let width: Int

    /// The number of rows, at least 1.
    public let height: Int

    /// The largest width or height of any image, in pixels.
    ///
    /// It is the limit of PNG's header (2³¹ − 1; PNG, third edition, clause 11.2.1), the widest of
    /// all formats here, so that a product of a side and a pixel's bytes never overflows.
    public static let largestSide = Int(Int32.max)

    /// Makes a size, or nil where a side is below 1 or above ``largestSide``.
    public init?(width: Int, height: Int) {
        guard (1...Self.largestSide).contains(width), (1...Self.largestSide).contains(height)
        else { return nil }
        self.width = width
        self.height = height
    }

    /// The number of pixels: below 2⁶², so it never overflows.
    public var pixelCount: Int { width * height }

    /// The size after a quarter turn.
    public var transposed: ImageSize { ImageSize(uncheckedWidth: height, height: width) }

    private init(uncheckedWidth width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

extension ImageSize: CustomStringConvertible {
    /// `640×480`, for messages.
    public var description: String { "\(width)×\(height)" }
}
