public import Images

/// What the header of a file says about the image in it.
public struct ImageHeader: Hashable, Sendable {
    /// The format of the file.
    public let format: ImageFormat

    /// The pixels that decoding gives at full size, as they are stored: not yet turned upright.
    public let layout: PixelLayout

    /// How the pixels are to be turned.
    public let orientation: Orientation

    /// The numbers by which decoding can divide the sides at less cost, ascending from 1.
    public let shrinks: [Int]

    /// The one of ``shrinks`` that saves most of the decoding; nil if each saves about as much.
    public let preferredShrink: Int?

    /// The number of frames of an animation or pages of a document, 1 for a still image.
    ///
    /// Only the first is decoded.
    public let frameCount: Int

    /// Makes a header; a codec's ``Codec/probe(_:limits:)`` is where it comes from.
    public init(
        format: ImageFormat, layout: PixelLayout, orientation: Orientation = .topLeft,
        shrinks: [Int] = [1], preferredShrink: Int? = nil, frameCount: Int = 1
    ) {
        self.format = format
        self.layout = layout
        self.orientation = orientation
        self.shrinks = shrinks
        self.preferredShrink = preferredShrink
        self.frameCount = frameCount
    }

    /// The pixels that decoding gives when it divides the sides by `shrink`, rounded up.
    public func layout(shrunkBy shrink: Int) -> PixelLayout {
        precondition(shrinks.contains(shrink), "shrink \(shrink) is not among \(shrinks)")
        guard
            let size = ImageSize(
                width: (layout.width + shrink - 1) / shrink,
                height: (layout.height + shrink - 1) / shrink),
            let shrunk = PixelLayout(size: size, format: layout.format)
        else { preconditionFailure("a part of a valid layout is a valid layout") }
        return shrunk
    }
}

/// What a codec refuses from the header, before anything is allocated.
public struct DecodeLimits: Hashable, Sendable {
    /// The most pixels an image may have.
    public var pixelCount: Int

    /// Half of 2²⁹ pixels less a bit, the limit that other tools share, unless told otherwise.
    public static let `default` = DecodeLimits(pixelCount: 268_402_689)

    /// Makes limits.
    public init(pixelCount: Int) {
        self.pixelCount = pixelCount
    }
}

/// What decoding found besides pixels.
public struct DecodeReport: Hashable, Sendable {
    /// What describes the pixels.
    public var metadata: ImageMetadata

    /// What was wrong with the file but did not prevent decoding: one lower-case clause each.
    public var warnings: [String]

    /// Makes a report.
    public init(metadata: ImageMetadata = ImageMetadata(), warnings: [String] = []) {
        self.metadata = metadata
        self.warnings = warnings
    }

    /// Adds the warning that frames were left, if there are others than the first one.
    mutating func addFrames(leftOf header: ImageHeader) {
        guard header.frameCount > 1 else { return }
        warnings.append("only the first of \(header.frameCount) frames is converted")
    }
}

/// What a file says about its pixels besides their values.
///
/// The orientation is not here: it is in the header, and applied before the pixels are encoded.
public struct ImageMetadata: Hashable, Sendable {
    /// The largest profile that is read, in bytes.
    public static let largestProfileByteCount = 4 << 20

    /// The ICC profile, not compressed (ICC.1:2022), of the same colour model as the pixels.
    public var iccProfile: [UInt8]?

    /// What the samples mean where no profile says it.
    public var colorimetry: Colorimetry

    /// The EXIF block from its TIFF header on, without the `Exif\0\0` of JPEG.
    public var exif: [UInt8]?

    /// The XMP packet.
    public var xmp: [UInt8]?

    /// Makes metadata; nothing by default.
    public init(
        iccProfile: [UInt8]? = nil, colorimetry: Colorimetry = Colorimetry(), exif: [UInt8]? = nil,
        xmp: [UInt8]? = nil
    ) {
        self.iccProfile = iccProfile
        self.colorimetry = colorimetry
        self.exif = exif
        self.xmp = xmp
    }
}
