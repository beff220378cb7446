import Codecs
import Images
import Profiling
import TestSupport
import Testing

@Suite("The codec table")
struct CodecTableTests {
    @Test("has one codec for each format that it has, PNG among them")
    func hasOneCodecForEachFormat() {
        let formats = CodecTable.available.map(\.format)

        #expect(formats.contains(.png))
        #expect(Set(formats).count == formats.count)
    }

    @Test("finds a codec by format and by first bytes")
    func findsCodecs() throws {
        let firstBytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

        #expect(try CodecTable.codec(for: .png) is PNGCodec)
        #expect(try CodecTable.codec(forFirstBytes: firstBytes.span) is PNGCodec)
    }

    @Test("does not know what is no image")
    func doesNotKnowText() {
        let text = Array("<!DOCTYPE html>".utf8)

        #expect(throws: CodecError.unknownFormat) {
            try CodecTable.codec(forFirstBytes: text.span)
        }
    }

    @Test("names the library that a build is missing", arguments: ImageFormat.allCases)
    func namesMissingLibrary(format: ImageFormat) {
        guard !CodecTable.available.contains(where: { $0.format == format }) else { return }

        let error = #expect(throws: CodecError.self) { try CodecTable.codec(for: format) }

        #expect(error?.description.hasPrefix("built without ") == true)
    }

    @Test(
        "has codecs that stop when the checkpoint says so, reading and writing",
        arguments: CodecTable.available.filter { $0.formatToEncode(.rgb8) != nil }.map(\.format))
    func stop(format: ImageFormat) throws {
        let codec = try CodecTable.codec(for: format)
        let layout = try PixelLayout.of(8, 8, .rgb8)
        let file = try codec.encode(layout.pattern, as: layout)

        #expect(throws: CodecError.interrupted(.cancelled)) {
            try DecodedImage(file, by: codec, checkpoint: .cancelled)
        }
        #expect(throws: CodecError.interrupted(.cancelled)) {
            try codec.encode(layout.pattern, as: layout, checkpoint: .cancelled)
        }
    }

    @Test("says each library with its version")
    func saysVersions() {
        for codec in CodecTable.available {
            #expect(codec.library.contains(/^[a-z-]+ \d/))
        }
    }
}
