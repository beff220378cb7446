internal import Images

/// What the IHDR chunk says (PNG, third edition, clause 11.2.1).
struct PNGHeader: Equatable {
    /// What the samples of a pixel are; the raw value is the byte in the file.
    enum ColorType: UInt8 {
        case gray = 0
        case rgb = 2
        case palette = 3
        case grayAlpha = 4
        case rgba = 6

        /// The samples of a pixel as they are stored: 1 for an index into the palette.
        var channelCount: Int {
            switch self {
            case .gray, .palette: 1
            case .grayAlpha: 2
            case .rgb: 3
            case .rgba: 4
            }
        }
    }

    let size: ImageSize
    let bitDepth: Int
    let colorType: ColorType
    let isInterlaced: Bool

    init(size: ImageSize, bitDepth: Int, colorType: ColorType, isInterlaced: Bool = false) {
        self.size = size
        self.bitDepth = bitDepth
        self.colorType = colorType
        self.isInterlaced = isInterlaced
    }

    /// Reads the content of an IHDR chunk, or nil where it breaks the specification.
    init?(_ bytes: borrowing Span<UInt8>, at content: Range<Int>) {
        guard content.count == 13, content.upperBound <= bytes.count else { return nil }
        let start = content.lowerBound
        guard
            let size = ImageSize(
                width: Int(bytes.bigEndian32(at: start)),
                height: Int(bytes.bigEndian32(at: start + 4))),
            let colorType = ColorType(rawValue: bytes[start + 9]),
            bytes[start + 10] == 0, bytes[start + 11] == 0, bytes[start + 12] <= 1
        else { return nil }
        let bitDepth = Int(bytes[start + 8])
        let depths: [Int] =
            switch colorType {
            case .gray: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            case .rgb, .grayAlpha, .rgba: [8, 16]
            }
        guard depths.contains(bitDepth) else { return nil }
        self.init(
            size: size, bitDepth: bitDepth, colorType: colorType,
            isInterlaced: bytes[start + 12] == 1)
    }

    /// The bits of a pixel as it is stored, 1 to 64.
    var bitsPerPixel: Int { colorType.channelCount * bitDepth }

    /// The bytes by which row filters look to the left: a pixel's, at least 1.
    var bytesPerPixel: Int { max(1, bitsPerPixel / 8) }

    /// The bytes of a stored row without its filter byte, at most 2³⁴.
    var bytesPerRow: Int { (size.width * bitsPerPixel + 7) / 8 }

    /// The bytes of all rows with their filter bytes, or nil where they don't fit an `Int`.
    var filteredByteCount: Int? {
        let (count, overflow) = (bytesPerRow + 1).multipliedReportingOverflow(by: size.height)
        return overflow ? nil : count
    }

    /// The format that the pixels are decoded to: palettes become colours, depths below 8 become 8,
    /// and a `tRNS` chunk becomes alpha.
    func pixelFormat(hasTransparency: Bool) -> PixelFormat {
        switch (colorType, hasTransparency) {
        case (.gray, false): bitDepth == 16 ? .gray16 : .gray8
        case (.gray, true), (.grayAlpha, _): bitDepth == 16 ? .grayAlpha16 : .grayAlpha8
        case (.rgb, false): bitDepth == 16 ? .rgb16 : .rgb8
        case (.palette, false): .rgb8
        case (.palette, true): .rgba8
        case (.rgb, true), (.rgba, _): bitDepth == 16 ? .rgba16 : .rgba8
        }
    }
}
