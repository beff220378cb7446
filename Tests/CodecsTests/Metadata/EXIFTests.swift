import Images
import TestSupport
import Testing

@testable import Codecs

@Suite("An EXIF block")
struct EXIFTests {
    @Test("tells the orientation in both byte orders", arguments: [true, false])
    func tellsOrientation(isLittleEndian: Bool) {
        let block = MetadataBlock.exif(orientation: 5, isLittleEndian: isLittleEndian)

        #expect(EXIF(block.span).orientation == .leftTop)
        #expect(
            EXIF.upright(block)
                == MetadataBlock.exif(orientation: 1, isLittleEndian: isLittleEndian))
    }

    @Test("has no orientation for values that do not exist", arguments: [UInt8(0), 9, 255])
    func knowsNoOtherValues(value: UInt8) {
        #expect(EXIF(MetadataBlock.exif(orientation: value).span).orientation == .topLeft)
    }

    @Test("is left as it is where it has no orientation")
    func isLeftAsItIs() {
        let block = Array("MM\0*\0\0\0\u{8}\0\0\0\0\0\0".utf8)

        #expect(EXIF.upright(block) == block)
    }

    @Test("is read without harm wherever it is cut off", arguments: [true, false])
    func survivesTruncation(isLittleEndian: Bool) {
        let block = MetadataBlock.exif(orientation: 6, isLittleEndian: isLittleEndian)

        for count in block.indices {
            let orientation = EXIF(Array(block[..<count]).span).orientation
            #expect(orientation == (count >= 34 ? .rightTop : .topLeft))
        }
    }

    @Test("has no orientation if its directory lies outside")
    func hasDirectoryOutside() {
        let block = Array("II*\0".utf8) + [0xFF, 0xFF, 0xFF, 0xFF, 1, 0]

        #expect(EXIF(block.span).orientation == .topLeft)
    }
}
