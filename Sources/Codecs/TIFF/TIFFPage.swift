internal import CTIFF
internal import Images

/// How the pixels of a file's first page are stored, and what they become (TIFF 6.0).
struct TIFFPage {
    /// What the colour samples of a pixel mean.
    enum Color: Equatable {
        case gray
        /// Gray whose zero is white.
        case invertedGray
        case rgb
        case palette
        /// Cyan, magenta, yellow and black: the more ink, the larger.
        case ink

        /// The number of samples.
        var sampleCount: Int {
            switch self {
            case .gray, .invertedGray, .palette: 1
            case .rgb: 3
            case .ink: 4
            }
        }
    }

    /// What the sample after the colours is.
    enum Alpha {
        case none
        case straight
        case premultiplied
    }

    /// The dimensions, what the pixels become.
    let layout: PixelLayout

    /// How the pixels are to be turned.
    let orientation: Orientation

    let color: Color
    let alpha: Alpha

    /// 1, 2, 4, 8 or 16.
    let bitsPerSample: Int

    /// All samples that are stored, those without meaning too.
    let samplesPerPixel: Int

    /// Whether each sample has a plane of its own.
    let isPlanar: Bool

    /// The samples of a pixel that lie side by side: all of them, or the one of a plane.
    var samplesSideBySide: Int { isPlanar ? 1 : samplesPerPixel }

    /// The planes that pixels are made of: indices have one, whatever other samples have theirs.
    var planeCount: Int { isPlanar && color != .palette ? layout.format.channelCount : 1 }

    /// The dimensions of a tile, nil if the page is in strips.
    let tileSize: ImageSize?

    /// The bytes of one row of a strip, or of one tile, of one plane.
    let blockByteCount: Int

    private static let compressionJPEG = 7
    private static let photometricYCbCr = 6
    private static let formatUnsigned = [1, 4]  // 4 means that nobody knows

    /// Reads the tags of the first page.
    ///
    /// - Throws: ``CodecError`` for kinds that are not read, and for more pixels than allowed.
    init(_ file: borrowing TIFFHandle, limits: DecodeLimits) throws(CodecError) {
        let page = unsafe pixloom_tiff_first_page(file.pointer)
        guard let size = ImageSize(width: Int(page.width), height: Int(page.height)) else {
            throw .malformed(.tiff, "the first page is \(page.width)×\(page.height) pixels")
        }
        guard size.pixelCount <= limits.pixelCount else {
            throw .pixelLimitExceeded(size, limit: limits.pixelCount)
        }
        guard Self.formatUnsigned.contains(Int(page.sample_format)) else {
            throw .unsupported(.tiff, "sample format \(page.sample_format)")
        }
        color = try Self.color(of: page)
        if color == .rgb, Int(page.photometric) == Self.photometricYCbCr {
            unsafe pixloom_tiff_convert_jpeg_to_rgb(file.pointer)
        }
        bitsPerSample = Int(page.bits_per_sample)
        samplesPerPixel = Int(page.samples_per_pixel)
        isPlanar = page.planar_configuration == 2 && samplesPerPixel > 1
        guard Self.bitDepths(of: color).contains(bitsPerSample) else {
            throw .unsupported(
                .tiff, "\(bitsPerSample) bits a sample with photometric \(page.photometric)")
        }
        guard samplesPerPixel >= color.sampleCount else {
            throw .malformed(
                .tiff,
                "a pixel has \(samplesPerPixel) samples, its colour needs \(color.sampleCount)")
        }
        guard !isPlanar || color != .ink else {
            throw .unsupported(.tiff, "ink in separate planes")
        }
        alpha = Self.alpha(of: page, color: color)
        let isColor = color != .gray && color != .invertedGray
        guard
            let format = PixelFormat(
                channelCount: (isColor ? 3 : 1) + (alpha == .none ? 0 : 1),
                bitsPerSample: bitsPerSample == 16 ? 16 : 8),
            let layout = PixelLayout(size: size, format: format)
        else { throw .pixelLimitExceeded(size, limit: limits.pixelCount) }
        self.layout = layout
        orientation = Orientation(tagValue: Int(page.orientation))
        tileSize = ImageSize(width: Int(page.tile_width), height: Int(page.tile_height))
        // Asked for again: it may have changed with the conversion of JPEG.
        blockByteCount = unsafe pixloom_tiff_first_page(file.pointer).block_byte_count
        try checkBlocks()
    }

    private static func color(of page: pixloom_tiff_page) throws(CodecError) -> Color {
        switch Int(page.photometric) {
        case 0: .invertedGray
        case 1: .gray
        case 2: .rgb
        case 3: .palette
        case 5: .ink
        case photometricYCbCr where Int(page.compression) == compressionJPEG: .rgb
        default: throw .unsupported(.tiff, "photometric interpretation \(page.photometric)")
        }
    }

    private static func bitDepths(of color: Color) -> [Int] {
        switch color {
        case .gray, .invertedGray: [1, 2, 4, 8, 16]
        case .palette: [1, 2, 4, 8]
        case .rgb: [8, 16]
        case .ink: [8]
        }
    }

    private static func alpha(of page: pixloom_tiff_page, color: Color) -> Alpha {
        let hasExtraSample = Int(page.samples_per_pixel) > color.sampleCount
        guard hasExtraSample, color != .palette, color != .ink, page.bits_per_sample >= 8 else {
            return .none
        }
        return switch page.extra_sample {
        case 1: .premultiplied
        case 2: .straight
        default: .none
        }
    }

    /// Throws where a row or tile is not as large as its samples need, or larger than makes sense.
    private func checkBlocks() throws(CodecError) {
        let (width, height) = (tileSize?.width ?? layout.width, tileSize?.height ?? 1)
        let bytesPerRow = (width * samplesSideBySide * bitsPerSample + 7) / 8
        let (needed, overflow) = bytesPerRow.multipliedReportingOverflow(by: height)
        guard !overflow, blockByteCount >= needed else {
            throw .malformed(
                .tiff, "a block of \(width)×\(height) pixels has \(blockByteCount) bytes")
        }
        guard blockByteCount / 4 <= max(layout.byteCount, 1 << 24) else {
            throw .unsupported(
                .tiff, "a block of \(blockByteCount) bytes in an image of \(layout.byteCount)")
        }
    }
}
