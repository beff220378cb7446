/// How files are written; each codec looks at what concerns its format.
public struct EncodeOptions: Hashable, Sendable {
    /// How much time a PNG may cost.
    public enum PNGEffort: String, Hashable, Sendable, CaseIterable {
        /// The cheapest compression that is still worth its name.
        case fast
        /// As small as common tools at their default, in a fraction of their time.
        case balanced
        /// As small as can be had in reasonable time; also reduces type and depth where every reader
        /// sees the same pixels.
        case small
    }

    /// How JPEG stores colour.
    public enum ChromaSubsampling: String, Hashable, Sendable, CaseIterable {
        /// Half the colour samples in each direction.
        case halved = "420"
        /// All of them.
        case full = "444"
    }

    /// The quality of lossy formats, 1 to 100.
    public var quality: Int

    /// Whether WebP is written without loss.
    public var isLossless: Bool

    /// How JPEG stores colour.
    public var chroma: ChromaSubsampling

    /// Whether JPEG is written in scans that refine each other.
    ///
    /// On eight photographs of 4 megapixels that took 2 % less space and 2.2 times the time of one
    /// scan with Huffman tables of its own; as thumbnails of 256 pixels they became 2 % larger.
    public var isProgressive: Bool

    /// How much time a PNG may cost.
    public var pngEffort: PNGEffort

    /// Makes options; the defaults are those of the command line.
    public init(
        quality: Int = 80, isLossless: Bool = false, chroma: ChromaSubsampling = .halved,
        isProgressive: Bool = false, pngEffort: PNGEffort = .balanced
    ) {
        self.quality = quality
        self.isLossless = isLossless
        self.chroma = chroma
        self.isProgressive = isProgressive
        self.pngEffort = pngEffort
    }
}
