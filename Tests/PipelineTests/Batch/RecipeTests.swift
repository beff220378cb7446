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

    @Test("has another fingerprint for each option that changes bytes")
    func fingerprints() throws {
        let changes: [(inout Recipe) -> Void] = [
            { $0.chain = (try? FilterChain(["invert"])) ?? $0.chain }, { $0.format = .jpeg },
            { $0.encoding.quality = 7 }, { $0.encoding.isLossless = true },
            { $0.encoding.chroma = .full }, { $0.encoding.isProgressive = true },
            { $0.encoding.pngEffort = .small }, { $0.background = .transparent },
            { $0.metadata = .none }, { $0.convertsToSRGB = true },
        ]
        let plain = Recipe(chain: try FilterChain([]))
        let changed = changes.map { change in
            var recipe = plain
            change(&recipe)
            return recipe.fingerprint
        }

        #expect(plain.fingerprint == Recipe(chain: try FilterChain([])).fingerprint)
        #expect(Set([plain.fingerprint] + changed).count == changes.count + 1)
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
