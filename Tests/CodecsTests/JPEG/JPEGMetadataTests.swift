import Codecs
import Images
import TestSupport
import Testing

@Suite("Metadata of JPEG")
struct JPEGMetadataTests {
    private let codec = JPEGCodec()

    @Test("is carried: profile in parts, EXIF with its orientation reset, XMP")
    func isCarried() throws {
        let layout = try PixelLayout.of(2, 2, .rgb8)
        let metadata = ImageMetadata(
            iccProfile: MetadataBlock.profile(byteCount: 200_000),
            exif: MetadataBlock.exif(orientation: 6), xmp: Array("<x:xmpmeta/>".utf8))

        let file = try codec.encode(layout.pattern, as: layout, metadata: metadata)
        let image = try DecodedImage(file, by: codec)

        #expect(image.report.metadata.iccProfile == metadata.iccProfile)
        #expect(image.report.metadata.exif == MetadataBlock.exif(orientation: 1))
        #expect(image.report.metadata.xmp == metadata.xmp)
        #expect(image.report.warnings.isEmpty)
    }

    @Test("tells the orientation", arguments: 1...8)
    func tellsOrientation(value: UInt8) throws {
        let block = MetadataBlock.exif(orientation: value, isLittleEndian: value.isMultiple(of: 2))
        let file = JPEGBuilder.image([[1]], markers: [(0xE1, Array("Exif\0\0".utf8) + block)])

        #expect(try codec.probe(file.span, limits: .default).orientation.rawValue == value)
    }

    @Test("leaves out what does not fit a marker")
    func leavesOutWhatDoesNotFit() throws {
        let layout = try PixelLayout.of(2, 2, .rgb8)
        let metadata = ImageMetadata(xmp: [UInt8](repeating: 0x20, count: 70_000))

        let file = try codec.encode(layout.pattern, as: layout, metadata: metadata)

        #expect(try DecodedImage(file, by: codec).report.metadata.xmp == nil)
    }

    @Test(
        "has no profile if a part is missing, twice or of another profile",
        arguments: [[(1, 2)], [(1, 2), (1, 2)], [(2, 2), (1, 3)]])
    func hasNoBrokenProfile(parts: [(number: Int, count: Int)]) throws {
        let markers = parts.map { part in
            let head = Array("ICC_PROFILE\0".utf8) + [UInt8(part.number), UInt8(part.count)]
            return (UInt8(0xE2), head + MetadataBlock.profile(colorSpace: "GRAY"))
        }

        let image = try DecodedImage(JPEGBuilder.image([[1]], markers: markers), by: codec)

        #expect(image.report.metadata.iccProfile == nil)
        #expect(image.report.warnings.count == 1)
    }
}
