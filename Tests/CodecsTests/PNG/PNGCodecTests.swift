import Codecs
import Images
import Testing

@Suite("The PNG codec")
struct PNGCodecTests {
    private let codec = PNGCodec()

    @Test("reads what it wrote", arguments: PixelFormat.allCases, EncodeOptions.PNGEffort.allCases)
    func readsWhatItWrote(format: PixelFormat, effort: EncodeOptions.PNGEffort) throws {
        let layout = try PixelLayout.of(37, 23, format)

        let file = try codec.encode(
            layout.pattern, as: layout, options: EncodeOptions(pngEffort: effort))
        let image = try DecodedImage(file, by: codec)

        #expect(image.layout == layout)
        #expect(image.pixels == layout.pattern)
        #expect(image.report == DecodeReport())
    }
}
