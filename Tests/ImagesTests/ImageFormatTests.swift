import Images
import Testing

@Suite("An image format")
struct ImageFormatTests {
    @Test(
        "is known by the first bytes",
        arguments: [
            ("\u{89}PNG\r\n\u{1A}\n", ImageFormat.png), ("GIF89a", .gif),
            ("RIFF....WEBPVP8 ", .webp),
            ("II*\0", .tiff), ("MM\0*", .tiff), ("II+\0", .tiff), ("MM\0+", .tiff),
        ])
    func isKnown(firstBytes: String, format: ImageFormat) {
        let bytes = firstBytes.unicodeScalars.map { UInt8($0.value) }

        #expect(ImageFormat(firstBytes: bytes.span) == format)
    }

    @Test(
        "is nothing for text, for a file cut short and for no bytes",
        arguments: ["<html>", "RIFF", ""])
    func isUnknown(firstBytes: String) {
        let bytes = Array(firstBytes.utf8)

        #expect(ImageFormat(firstBytes: bytes.span) == nil)
    }

    @Test("is known by an extension in any case")
    func isKnownByExtension() {
        #expect(ImageFormat(fileExtension: "JPEG") == .jpeg)
        #expect(ImageFormat(fileExtension: "tif") == .tiff)
        #expect(ImageFormat(fileExtension: "txt") == nil)
    }
}
