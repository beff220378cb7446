/// What the bytes of an image in memory mean: rows from the top, one after the other without
/// padding, samples interleaved.
///
/// All arithmetic on sizes from outside happens here, once and checked: what a layout says fits
/// an `Int`.
public struct PixelLayout: Hashable, Sendable {
    /// The dimensions in pixels.
    public let size: ImageSize

    /// The samples of a pixel.
    public let format: PixelFormat

    /// The bytes from one row to the next (the stride): rows have no padding.
    public let bytesPerRow: Int

    /// The bytes of all rows.
    public let byteCount: Int

    /// Makes the layout, or nil where its byte count does not fit an `Int`.
    public init?(size: ImageSize, format: PixelFormat) {
        let bytesPerRow = size.width * format.bytesPerPixel
        let (byteCount, overflow) = bytesPerRow.multipliedReportingOverflow(by: size.height)
        guard !overflow else { return nil }
        self.size = size
        self.format = format
        self.bytesPerRow = bytesPerRow
        self.byteCount = byteCount
    }

    /// The pixels in a row.
    public var width: Int { size.width }

    /// The number of rows.
    public var height: Int { size.height }

    /// The samples in a row.
    public var samplesPerRow: Int { size.width * format.channelCount }

    /// The bytes of row `y` as a range of the image's bytes; `y` must be below `height`.
    public func byteRange(ofRow y: Int) -> Range<Int> {
        precondition(y >= 0 && y < size.height, "row \(y) of an image with \(size.height) rows")
        return y * bytesPerRow..<(y + 1) * bytesPerRow
    }
}

extension PixelLayout: CustomStringConvertible {
    /// `640×480 rgb8`, for messages.
    public var description: String { "\(size) \(format)" }
}
