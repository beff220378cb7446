import Codecs
import Images
import TestSupport
import Testing

@Suite("Metadata of PNG")
struct PNGMetadataTests {
    private let codec = PNGCodec()

    @Test("is carried: profile, EXIF with its orientation reset, XMP")
    func isCarried() throws {
        let layout = try PixelLayout.of(2, 2, .rgb8)
        let metadata = ImageMetadata(
            iccProfile: MetadataBlock.profile(), exif: MetadataBlock.exif(orientation: 6),
            xmp: Array("<x:xmpmeta/>".utf8))

        let file = try codec.encode(layout.pattern, as: layout, metadata: metadata)
        let image = try DecodedImage(file, by: codec)

        #expect(image.report.metadata.iccProfile == metadata.iccProfile)
        #expect(image.report.metadata.exif == MetadataBlock.exif(orientation: 1))
        #expect(image.report.metadata.xmp == metadata.xmp)
        #expect(image.header.orientation == .topLeft)
    }

    @Test("tells the orientation even after the pixels")
    func tellsOrientationAfterPixels() throws {
        let file = PNGBuilder.header(width: 1, height: 1, colorType: 0)
            .adding("IDAT", PNGBuilder.stream(ofRows: [[1]]))
            .adding("eXIf", MetadataBlock.exif(orientation: 8)).adding("IEND").bytes

        #expect(try DecodedImage(file, by: codec).header.orientation == .leftBottom)
    }

    @Test("leaves out a profile of another colour model")
    func leavesOutOtherColorModel() throws {
        let layout = try PixelLayout.of(2, 2, .gray8)
        let metadata = ImageMetadata(iccProfile: MetadataBlock.profile(colorSpace: "RGB "))

        let file = try codec.encode(layout.pattern, as: layout, metadata: metadata)

        #expect(try DecodedImage(file, by: codec).report.metadata.iccProfile == nil)
    }

    @Test("never inflates text")
    func neverInflatesText() throws {
        let keyword = Array("XML:com.adobe.xmp\0".utf8)
        let text = keyword + [1, 0, 0, 0] + PNGBuilder.stream(of: [0x3C])
        let file = PNGBuilder.header(width: 1, height: 1, colorType: 0)
            .adding("iTXt", text).image(rows: [[1]])

        #expect(try DecodedImage(file, by: codec).report.metadata.xmp == nil)
    }
}
