import Codecs
import Images
import TestSupport
import Testing

@Suite("What an encoder leaves out of the metadata")
struct MetadataLossesTests {
    @Test(
        "is nothing where the format holds it", arguments: [ImageFormat.png, .jpeg, .webp, .tiff])
    func isNothing(format: ImageFormat) {
        let metadata = ImageMetadata(
            iccProfile: MetadataBlock.profile(), exif: MetadataBlock.exif(orientation: 1),
            xmp: [0x3C])

        #expect(metadata.losses(in: format, for: .rgb8).isEmpty)
    }

    @Test("is a profile of another colour model")
    func isProfile() {
        let metadata = ImageMetadata(iccProfile: MetadataBlock.profile())

        #expect(
            metadata.losses(in: .png, for: .gray8)
                == ["the ICC profile is left out: it does not describe gray8"])
    }

    @Test("is high dynamic range outside of PNG")
    func isHighDynamicRange() {
        var metadata = ImageMetadata()
        metadata.colorimetry.codingPoints = [9, 16, 0, 1]

        #expect(metadata.losses(in: .png, for: .rgb16).isEmpty)
        #expect(
            metadata.losses(in: .jpeg, for: .rgb8)
                == ["the coding points 9, 16, 0, 1 (cICP) are left out: jpeg has none"])
    }

    @Test("is what does not fit a marker of JPEG, and is then really left out")
    func isWhatDoesNotFit() throws {
        let fits = ImageMetadata(
            exif: [UInt8](repeating: 0, count: 65_527), xmp: [UInt8](repeating: 0, count: 65_504))
        let tooLong = ImageMetadata(
            exif: [UInt8](repeating: 0, count: 65_528), xmp: [UInt8](repeating: 0, count: 65_505))

        #expect(fits.losses(in: .jpeg, for: .rgb8).isEmpty)
        #expect(tooLong.losses(in: .jpeg, for: .rgb8).count == 2)
    }

    @Test("is an EXIF block that is none in TIFF, which has tags instead")
    func isBlockWithoutTags() {
        let metadata = ImageMetadata(exif: [1, 2, 3])

        #expect(
            metadata.losses(in: .tiff, for: .rgb8)
                == ["the EXIF block is left out: it does not begin as one"])
    }
}
