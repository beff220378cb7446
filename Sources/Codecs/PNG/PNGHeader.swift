internal import Images

/// The content of the chunk IHDR (PNG, third edition, clause 11.2.1).
struct PNGHeader {
    /// What the samples of a pixel are, by the number in the file.
    enum ColorType: UInt8 {
        case gray = 0
        case rgb = 2
        case palette = 3
        case grayAlpha = 4
        case rgba = 6

        /// The bit depths that go with it.
        var bitDepths: [Int] {
            switch self {
            case .gray: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            case .rgb, .grayAlpha, .rgba: [8, 16]
            }
        }

        /// The samples of a stored pixel: 1 for an index into the palette.
        var channelCount: Int {
            switch self {
            case .gray, .palette: 1
            case .grayAlpha: 2
            case .rgb: 3
            case .rgba: 4
            }
        }
    }

    /// The dimensions of the image.
    let size: ImageSize

    /// The bits of a sample, or of a palette index: 1, 2, 4, 8 or 16.
    let bitDepth: Int

    /// What the samples are.
    let colorType: ColorType

    /// Whether the pixels come in the seven passes of Adam7.
    let isInterlaced: Bool

    static let byteCount = 13

    /// The header of an image that is to be written.
    init(size: ImageSize, bitDepth: Int, colorType: ColorType) {
        self.size = size
        self.bitDepth = bitDepth
        self.colorType = colorType
        isInterlaced = false
    }

    /// Reads the content of `chunk`, which must be whole.
    init(_ chunk: PNGChunk, in bytes: borrowing Span<UInt8>) throws(CodecError) {
        guard chunk.announcedByteCount == Self.byteCount else {
            throw chunk.malformed("has \(chunk.announcedByteCount) bytes instead of 13")
        }
        let start = chunk.content.lowerBound
        let (width, height) = (bytes.bigEndian32(at: start), bytes.bigEndian32(at: start + 4))
        guard let size = ImageSize(width: width, height: height) else {
            throw chunk.malformed(
                "announces \(width)×\(height) pixels, a side has 1 to \(ImageSize.largestSide)")
        }
        let bitDepth = Int(bytes[start + 8])
        guard let colorType = ColorType(rawValue: bytes[start + 9]),
            colorType.bitDepths.contains(bitDepth)
        else {
            throw chunk.malformed(
                "announces colour type \(bytes[start + 9]) with \(bitDepth) bits a sample")
        }
        guard bytes[start + 10] == 0 else {
            throw chunk.malformed("announces compression method \(bytes[start + 10]), 0 is known")
        }
        guard bytes[start + 11] == 0 else {
            throw chunk.malformed("announces filter method \(bytes[start + 11]), 0 is known")
        }
        guard bytes[start + 12] <= 1 else {
            throw chunk.malformed(
                "announces interlace method \(bytes[start + 12]), 0 and 1 are known")
        }
        self.size = size
        self.bitDepth = bitDepth
        self.colorType = colorType
        isInterlaced = bytes[start + 12] == 1
    }

    /// The format of the decoded pixels; a chunk tRNS (`hasTransparency`) adds alpha.
    func pixelFormat(hasTransparency: Bool) -> PixelFormat {
        let format: PixelFormat =
            switch colorType {
            case .gray: hasTransparency ? .grayAlpha8 : .gray8
            case .grayAlpha: .grayAlpha8
            case .rgb, .palette: hasTransparency ? .rgba8 : .rgb8
            case .rgba: .rgba8
            }
        return bitDepth == 16 ? format.at16Bits : format
    }
}

extension PNGHeader.ColorType {
    /// The colour type with the channels of `format`.
    init(_ format: PixelFormat) {
        switch (format.isColor, format.hasAlpha) {
        case (false, false): self = .gray
        case (false, true): self = .grayAlpha
        case (true, false): self = .rgb
        case (true, true): self = .rgba
        }
    }
}

// How much memory the stored pixels take, for images that are not interlaced.
extension PNGHeader {
    /// The bits of a stored pixel, 1 to 64.
    var bitsPerPixel: Int { colorType.channelCount * bitDepth }

    /// The bytes by which row filters look to the left: those of a pixel, at least 1.
    var bytesPerPixel: Int { max(1, bitsPerPixel / 8) }

    /// The bytes of a stored row without its filter byte, at most 2³⁴.
    var bytesPerRow: Int { (size.width * bitsPerPixel + 7) / 8 }

    /// The bytes of all rows with their filter bytes, or nil where they don't fit an `Int`.
    var filteredByteCount: Int? {
        let (count, overflow) = (bytesPerRow + 1).multipliedReportingOverflow(by: size.height)
        return overflow ? nil : count
    }
}
