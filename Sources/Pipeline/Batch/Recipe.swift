public import Codecs
public import Filters
public import Images
internal import Workers

/// What is made of each image; with the source it decides every byte of the output.
public struct Recipe: Sendable {
    /// The filters, in order.
    public var chain: FilterChain

    /// The format of the outputs; nil keeps that of each source where it can be written.
    public var format: ImageFormat?

    /// Quality and effort.
    public var encoding: EncodeOptions

    /// What alpha is laid over where the format has none.
    public var background: Color

    /// What is carried over besides pixels.
    public var metadata: MetadataPolicy

    /// Whether pixels are converted from the colours that their file means to sRGB.
    public var convertsToSRGB = false

    /// The most pixels that a source or a result may have.
    public var pixelLimit: Int

    /// Makes a recipe.
    public init(
        chain: FilterChain, format: ImageFormat? = nil, encoding: EncodeOptions = EncodeOptions(),
        background: Color = .white, metadata: MetadataPolicy = .icc,
        pixelLimit: Int = DecodeLimits.default.pixelCount
    ) {
        self.chain = chain
        self.format = format
        self.encoding = encoding
        self.background = background
        self.metadata = metadata
        self.pixelLimit = pixelLimit
    }

    /// Stands for everything that decides the bytes of an output besides its source: 16 hexadecimal
    /// digits that change with the filters, the format, the effort and the release.
    var fingerprint: String {
        let parts = [
            release, chain.specifications.joined(separator: "\n"), "linear \(chain.isLinear)",
            format?.rawValue ?? "keep", "quality \(encoding.quality)",
            "lossless \(encoding.isLossless)", "chroma \(encoding.chroma.rawValue)",
            "effort \(encoding.pngEffort.rawValue)",
            "background \(background.red) \(background.green) \(background.blue)",
            "metadata \(metadata.rawValue)", "progressive \(encoding.isProgressive)",
            "sRGB \(convertsToSRGB)",
        ]
        return StableHash(Array(parts.joined(separator: "\n").utf8)).hexadecimal
    }

    /// The release and the codecs' libraries, which may write other bytes in another version.
    private var release: String {
        let libraries =
            CodecTable.available.map(\.library) + [ColorManagement.library].compactMap(\.self)
        return ([Release.version] + libraries).joined(separator: ", ")
    }

    /// The format of the output for a source of `sourceFormat`: what is only read becomes PNG.
    func outputFormat(for sourceFormat: ImageFormat) -> ImageFormat {
        if let format { return format }
        guard let codec = try? CodecTable.codec(for: sourceFormat),
            codec.formatToEncode(.rgb8) != nil
        else { return .png }
        return sourceFormat
    }
}

/// What is carried over from a source besides its pixels.
///
/// The orientation never is: it is applied.
public enum MetadataPolicy: String, Hashable, Sendable, CaseIterable {
    /// The ICC profile, EXIF and XMP.
    case keep

    /// The ICC profile, or what stands for one in PNG.
    case icc

    /// Nothing.
    case none

    func applied(to metadata: ImageMetadata) -> ImageMetadata {
        switch self {
        case .keep: metadata
        case .icc:
            ImageMetadata(iccProfile: metadata.iccProfile, colorimetry: metadata.colorimetry)
        case .none: ImageMetadata()
        }
    }
}
