import ArgumentParser
import Codecs
import Filters
import Pipeline

/// What outputs are, wherever they go.
struct EncodingOptions: ParsableArguments {
    @Option(
        name: .joined("f"),
        help: ArgumentHelp(
            "What is written; keep is what was read, or png where that cannot be written.",
            valueName: "format"))
    var format = FormatChoice.keep

    @Option(name: .joined("q"), help: "The quality of lossy formats, 1 to 100.")
    var quality = 80

    @Flag(help: "Write WebP without loss.")
    var lossless = false

    @Option(help: "How JPEG stores colour: 420 is half of it in each direction, 444 all.")
    var chroma = EncodeOptions.ChromaSubsampling.halved

    @Flag(help: "Write JPEG in scans that refine each other.")
    var progressive = false

    @Option(help: "How much time a PNG may cost.")
    var pngEffort = EncodeOptions.PNGEffort.balanced

    @Option(
        help: ArgumentHelp(
            "What alpha is laid over where the format has none: a name or #RRGGBB.",
            valueName: "color"),
        transform: ColorArgument.read)
    var background = ColorArgument.white

    @Option(help: "What is carried over besides pixels: keep is the ICC profile, EXIF and XMP.")
    var metadata = MetadataPolicy.icc

    @Flag(
        name: .customLong("to-srgb"),
        help: "Convert pixels from the colours that their file means to sRGB.")
    var toSRGB = false

    func validate() throws {
        guard !toSRGB || ColorManagement.library != nil else {
            throw ValidationError("--to-srgb needs lcms2, without which this was built")
        }
        guard (1...100).contains(quality) else {
            throw ValidationError("--quality is \(quality): it must be 1 to 100")
        }
    }

    /// What is made of each image, in the format that was chosen.
    func makeRecipe(_ filters: FilterOptions, pixelLimit: Int) throws -> Recipe {
        var recipe = Recipe(chain: try filters.makeChain())
        recipe.format = format.format
        recipe.encoding.quality = quality
        recipe.encoding.isLossless = lossless
        recipe.encoding.chroma = chroma
        recipe.encoding.isProgressive = progressive
        recipe.encoding.pngEffort = pngEffort
        recipe.background = background.color
        recipe.metadata = metadata
        recipe.convertsToSRGB = toSRGB
        recipe.pixelLimit = pixelLimit
        return recipe
    }
}
