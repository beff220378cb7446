import Codecs
import Filters
import Images
import Testing

@testable import Pipeline

@Suite("A recipe")
struct RecipeTests {
    @Test("keeps a format that can be written, and makes PNG of what can only be read")
    func keepsFormats() throws {
        let recipe = Recipe(chain: try FilterChain([]))

        for format in ImageFormat.allCases {
            let isWritten = (try? CodecTable.codec(for: format).formatToEncode(.rgb8)) != nil
            #expect(recipe.outputFormat(for: format) == (isWritten ? format : .png))
        }
        #expect(recipe.outputFormat(for: .gif) == .png)
    }

    @Test("with a format gives it to all", arguments: ImageFormat.allCases)
    func choosesFormat(source: ImageFormat) throws {
        let recipe = Recipe(chain: try FilterChain([]), format: .jpeg)

        #expect(recipe.outputFormat(for: source) == .jpeg)
    }
}

@Suite("A metadata policy")
struct MetadataPolicyTests {
    private let metadata = ImageMetadata(iccProfile: [1], exif: [2], xmp: [3])

    @Test("carries what it says")
    func carries() {
        #expect(MetadataPolicy.keep.applied(to: metadata) == metadata)
        #expect(MetadataPolicy.icc.applied(to: metadata) == ImageMetadata(iccProfile: [1]))
        #expect(MetadataPolicy.none.applied(to: metadata) == ImageMetadata())
    }

    @Test("takes what stands for a profile in PNG as one")
    func carriesColorimetry() {
        var metadata = ImageMetadata(exif: [2])
        metadata.colorimetry.gamma = 100_000

        #expect(MetadataPolicy.icc.applied(to: metadata).colorimetry.gamma == 100_000)
    }
}
