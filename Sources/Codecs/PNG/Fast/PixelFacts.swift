internal import Images

/// What is true of all pixels of an image, and so need not be stored for each.
struct PixelFacts: Equatable {
    /// Whether red, green and blue are equal.
    var isGray: Bool
    /// Whether alpha is at its largest.
    var isOpaque: Bool
    /// Whether the two bytes of each 16-bit sample are equal, so that one says as much.
    var is8Bit: Bool

    /// Finds the facts: one pass that forgets a question once it is answered with no.
    ///
    /// - Parameters:
    ///   - pixels: The rows of `layout`.
    ///   - layout: What they mean.
    init(_ pixels: UnsafePointer<UInt8>, layout: PixelLayout) {
        let format = layout.format
        var (asksGray, asksOpaque) = (format.isColor, format.hasAlpha)
        var asks8Bit = format.bitsPerSample == 16
        (isGray, isOpaque, is8Bit) = (true, true, true)
        for y in 0..<layout.height where asksGray || asksOpaque || asks8Bit {
            let row = unsafe pixels + y * layout.bytesPerRow
            if asksGray {
                isGray = unsafe Self.isGray(row, layout)
                asksGray = isGray
            }
            if asksOpaque {
                isOpaque = unsafe Self.isOpaque(row, layout)
                asksOpaque = isOpaque
            }
            if asks8Bit {
                is8Bit = unsafe Self.is8Bit(row, layout)
                asks8Bit = is8Bit
            }
        }
    }

    private static func isGray(_ row: UnsafePointer<UInt8>, _ layout: PixelLayout) -> Bool {
        let (size, step) = (layout.format.bytesPerSample, layout.format.bytesPerPixel)
        for pixel in stride(from: 0, to: layout.bytesPerRow, by: step) {
            for i in pixel..<pixel + size
            where unsafe row[i] != row[i + size] || row[i] != row[i + 2 * size] { return false }
        }
        return true
    }

    private static func isOpaque(_ row: UnsafePointer<UInt8>, _ layout: PixelLayout) -> Bool {
        let (size, step) = (layout.format.bytesPerSample, layout.format.bytesPerPixel)
        for pixel in stride(from: 0, to: layout.bytesPerRow, by: step) {
            for i in pixel + step - size..<pixel + step where unsafe row[i] != 255 { return false }
        }
        return true
    }

    private static func is8Bit(_ row: UnsafePointer<UInt8>, _ layout: PixelLayout) -> Bool {
        for i in stride(from: 0, to: layout.bytesPerRow, by: 2)
        where unsafe row[i] != row[i + 1] { return false }
        return true
    }
}
