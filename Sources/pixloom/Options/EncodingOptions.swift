import ArgumentParser
import Codecs
import Filters
import Pipeline

/// What outputs are, wherever they go.
struct EncodingOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("keep, png or jpeg; keep writes what it reads.", valueName: "format"))
    var format = FormatChoice.keep

    @Option(name: .shortAndLong, help: "The quality of lossy formats, 1 to 100.")
    var quality = 80

    @Option(help: ArgumentHelp("How JPEG stores colour: 420 or 444.", valueName: "chroma"))
    var chroma = EncodeOptions.ChromaSubsampling.halved

    @Option(help: "How much time a PNG may cost: fast, balanced or small.")
    var pngEffort = EncodeOptions.PNGEffort.balanced

    @Option(
        help: ArgumentHelp(
            "What alpha is laid over where the format has none: white, black or #RRGGBB.",
            valueName: "color"))
    var background = ColorArgument(.white)

    @Option(help: "What is carried over besides pixels: keep (ICC, EXIF, XMP), icc or none.")
    var metadata = MetadataPolicy.icc

    func validate() throws {
        guard (1...100).contains(quality) else {
            throw ValidationError("--quality is \(quality): it must be 1 to 100")
        }
    }

    /// What is made of each image, in the format that was chosen.
    func makeRecipe(_ filters: FilterOptions, pixelLimit: Int) throws -> Recipe {
        var recipe = Recipe(chain: try filters.makeChain())
        recipe.format = format.format
        recipe.encoding.quality = quality
        recipe.encoding.chroma = chroma
        recipe.encoding.pngEffort = pngEffort
        recipe.background = background.color
        recipe.metadata = metadata
        recipe.pixelLimit = pixelLimit
        return recipe
    }
}
