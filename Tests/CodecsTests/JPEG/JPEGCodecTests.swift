import Codecs
import Images
import Testing

@Suite("The JPEG codec")
struct JPEGCodecTests {
    private let codec = JPEGCodec()

    @Test("reads what it wrote, nearly", arguments: [PixelFormat.gray8, .rgb8])
    func readsWhatItWrote(format: PixelFormat) throws {
        let layout = try PixelLayout.of(37, 23, format)
        let pixels = (0..<layout.byteCount).map { UInt8($0 / layout.bytesPerRow * 10) }

        let file = try codec.encode(pixels, as: layout, options: EncodeOptions(quality: 95))
        let image = try DecodedImage(file, by: codec)

        #expect(image.layout == layout)
        #expect(zip(image.pixels, pixels).allSatisfy { abs(Int($0) - Int($1)) <= 3 })
        #expect(image.report == DecodeReport())
    }
}
