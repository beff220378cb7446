import Images
import Profiling
import TestSupport
import Testing

@testable import Codecs

@Suite("The fast PNG reader")
struct FastPNGReaderTests {
    @Test("gives libpng's pixels for sound files", arguments: soundPaths)
    func sameAsLibPNG(path: String) throws {
        let bytes = try Fixture.bytes(path)
        let (fast, _) = try #require(try FastPNG.decode(bytes), "declined")
        #expect(try fast == FastPNG.decodeByLibPNG(bytes))
    }

    @Test(
        "declines what libpng is to judge",
        arguments: [
            "idat_bad_crc.png", "row_filter_5.png", "row_filter_255_in_first_row.png",
            "rows_100_mb_too_many.png", "rows_one_too_many.png", "rows_short_of_one_byte.png",
            "rows_too_few.png", "palette_index_out_of_range.png", "zlib_bad_adler.png",
            "zlib_broken_in_middle.png", "zlib_then_garbage.png", "zlib_with_dictionary.png",
            "zlib_without_adler.png", "truncated_at_75_percent.png",
        ])
    func declines(name: String) throws {
        #expect(try FastPNG.decode(Fixture.bytes("malformed/" + name)) == nil)
    }

    @Test("declines interlaced files")
    func declinesInterlaced() throws {
        let bytes = try Fixture.bytes("valid/rgb8_interlaced_33x17.png")
        #expect(try FastPNG.decode(bytes) == nil)
    }

    @Test("declines a transparent colour with more bits than the samples")
    func declinesWideTransparency() throws {
        let file = PNGBuilder.header(width: 1, height: 1, colorType: 0).adding("tRNS", [1, 5])
            .adding("IDAT", PNGBuilder.stream(ofRows: [[5]])).adding("IEND").bytes
        #expect(try FastPNG.decode(file) == nil)
    }

    @Test("declines a stream with a window too small for its image")
    func declinesSmallWindow() throws {
        var stream = PNGBuilder.stream(ofRows: [[UInt8](repeating: 0, count: 300)])
        // A window of 256 bytes, and the check bits for it.
        (stream[0], stream[1]) = (0x08, 0x1D)
        let file = PNGBuilder.header(width: 300, height: 1, colorType: 0)
            .adding("IDAT", stream).adding("IEND").bytes
        #expect(try FastPNG.decode(file) == nil)
    }

    @Test("stops where the checkpoint says so")
    func stops() throws {
        let bytes = try Fixture.bytes("valid/rgb8_64x48.png")
        #expect(throws: Interruption.cancelled) {
            try FastPNG.decode(bytes, checkpoint: .cancelled)
        }
    }

    private static let soundPaths = Fixture.paths(in: "valid").filter {
        $0.hasSuffix(".png") && !$0.contains("interlaced") && !$0.contains("jpeg_named")
    }
}
