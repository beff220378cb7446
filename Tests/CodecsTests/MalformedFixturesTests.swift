import Codecs
import TestSupport
import Testing

@Suite("A file that is wrong in one way")
struct MalformedFixturesTests {
    @Test(
        "fails with one clause that names the place", arguments: errors.filter { isDecided($0.0) })
    func fails(name: String, message: String) throws {
        let bytes = try Fixture.bytes("malformed/" + name)

        let error = #expect(throws: CodecError.self) {
            try DecodedImage(bytes, by: CodecTable.codec(forFirstBytes: bytes.span))
        }

        #expect(error?.description == message)
    }

    @Test(
        "is decoded with warnings if all pixels are there",
        arguments: warnings.filter { isDecided($0.0) })
    func warns(name: String, expected: [String]) throws {
        let bytes = try Fixture.bytes("malformed/" + name)

        let image = try DecodedImage(bytes, by: CodecTable.codec(forFirstBytes: bytes.span))

        #expect(image.report.warnings == expected)
    }

    /// Whether this build has the codec for a file, or knows that there is none.
    private static func isDecided(_ name: String) -> Bool {
        guard let bytes = try? Fixture.bytes("malformed/" + name) else { return false }
        do {
            _ = try CodecTable.codec(forFirstBytes: bytes.span)
        } catch .libraryMissing {
            return false
        } catch {
            return true
        }
        return true
    }

    private static let errors: [(String, String)] = [
        ("chunk_name_not_letters.png", "there is no chunk at offset 33"),
        (
            "critical_chunk_unknown.png",
            "chunk ABCD of an unknown kind (offset 33) is not supported in png"
        ),
        ("empty.jpg", "its first bytes are of no known image format"),
        ("empty.png", "its first bytes are of no known image format"),
        ("gzip_named.png", "its first bytes are of no known image format"),
        ("html_named.png", "its first bytes are of no known image format"),
        (
            "idat_bad_crc.png",
            "chunk IDAT has checksum 0x12345678, its bytes 0x635a0bfa (offset 33)"
        ),
        (
            "idat_length_over_31_bits.png",
            "chunk IDAT announces 4294967295 bytes, 2147483647 are allowed (offset 33)"
        ),
        ("idat_missing.png", "the pixel data ends in row 0 of 24"),
        ("idat_not_consecutive.png", "the pixel data ends in row 11 of 24"),
        (
            "ihdr_2147483647x2147483647.png",
            "2147483647×2147483647 is 4611686014132420609 pixels, 268402689 are allowed; raise --max-pixels"
        ),
        (
            "ihdr_60000x60000.png",
            "60000×60000 is 3600000000 pixels, 268402689 are allowed; raise --max-pixels"
        ),
        ("ihdr_bad_crc.png", "chunk IHDR has checksum 0x00000001, its bytes 0xfbf3035d (offset 8)"),
        (
            "ihdr_color_type_5.png",
            "chunk IHDR announces colour type 5 with 8 bits a sample (offset 8)"
        ),
        (
            "ihdr_compression_1.png",
            "chunk IHDR announces compression method 1, 0 is known (offset 8)"
        ),
        ("ihdr_depth_3.png", "chunk IHDR announces colour type 0 with 3 bits a sample (offset 8)"),
        ("ihdr_filter_method_1.png", "chunk IHDR announces filter method 1, 0 is known (offset 8)"),
        (
            "ihdr_interlace_2.png",
            "chunk IHDR announces interlace method 2, 0 and 1 are known (offset 8)"
        ),
        ("ihdr_missing.png", "chunk IDAT is the first one instead of IHDR (offset 8)"),
        ("ihdr_of_12_bytes.png", "chunk IHDR has 12 bytes instead of 13 (offset 8)"),
        (
            "ihdr_rgb_of_4_bits.png",
            "chunk IHDR announces colour type 2 with 4 bits a sample (offset 8)"
        ),
        ("ihdr_twice.png", "chunk IHDR appears twice (offset 33)"),
        (
            "ihdr_width_over_31_bits.png",
            "chunk IHDR announces 2147483648×24 pixels, a side has 1 to 2147483647 (offset 8)"
        ),
        (
            "ihdr_zero_height.png",
            "chunk IHDR announces 33×0 pixels, a side has 1 to 2147483647 (offset 8)"
        ),
        (
            "ihdr_zero_width.png",
            "chunk IHDR announces 0×24 pixels, a side has 1 to 2147483647 (offset 8)"
        ),
        ("one_byte.png", "its first bytes are of no known image format"),
        (
            "palette_after_idat.png",
            "chunk IDAT comes before the chunk PLTE that its pixels need (offset 33)"
        ),
        ("palette_empty.png", "chunk PLTE has 0 bytes instead of 3 for each colour (offset 33)"),
        (
            "palette_missing.png",
            "chunk IDAT comes before the chunk PLTE that its pixels need (offset 33)"
        ),
        (
            "palette_of_7_bytes.png",
            "chunk PLTE has 7 bytes instead of 3 for each colour (offset 33)"
        ),
        (
            "row_filter_255_in_first_row.png",
            "the pixel data is damaged in row 0 of 24: bad adaptive filter value"
        ),
        (
            "row_filter_5.png",
            "the pixel data is damaged in row 10 of 24: bad adaptive filter value"
        ),
        (
            "rows_short_of_one_byte.png",
            "the pixel data is damaged in row 23 of 24: not enough image data"
        ),
        ("rows_too_few.png", "the pixel data ends in row 15 of 24"),
        ("signature_converted_to_lf.png", "its first bytes are of no known image format"),
        ("signature_only.png", "the file ends at 8 bytes without a chunk IHDR"),
        ("svg_named.png", "its first bytes are of no known image format"),
        ("text.txt", "its first bytes are of no known image format"),
        (
            "truncated_at_1_percent.png",
            "chunk IHDR is truncated: 13 bytes announced, 7 present (offset 8)"
        ),
        (
            "truncated_at_25_percent.png",
            "chunk IDAT is truncated: 2281 bytes announced, 543 present (offset 33)"
        ),
        (
            "truncated_at_50_percent.png",
            "chunk IDAT is truncated: 2281 bytes announced, 1128 present (offset 33)"
        ),
        (
            "truncated_at_75_percent.png",
            "chunk IDAT is truncated: 2281 bytes announced, 1712 present (offset 33)"
        ),
        (
            "truncated_at_99_percent.png",
            "chunk IDAT is truncated: 2281 bytes announced, 2273 present (offset 33)"
        ),
        (
            "truncated_by_100_bytes.png",
            "chunk IDAT is truncated: 2281 bytes announced, 2197 present (offset 33)"
        ),
        (
            "truncated_interlaced_at_50_percent.png",
            "chunk IDAT is truncated: 2338 bytes announced, 1156 present (offset 33)"
        ),
        ("zeros.png", "its first bytes are of no known image format"),
        ("zlib_bad_adler.png", "the pixel data is damaged in row 23 of 24: incorrect data check"),
        (
            "zlib_bad_header.png",
            "the pixel data is damaged in row 0 of 24: unknown compression method"
        ),
        ("zlib_block_type_3.png", "the pixel data is damaged in row 0 of 24: invalid block type"),
        (
            "zlib_broken_in_middle.png",
            "the pixel data is damaged in row 12 of 24: bad adaptive filter value"
        ),
        ("zlib_empty.png", "the pixel data ends in row 0 of 24"),
        (
            "zlib_with_dictionary.png",
            "the pixel data is damaged in row 0 of 24: missing LZ dictionary"
        ),
        ("dqt_missing.jpg", "quantization table 0x00 was not defined"),
        (
            "eoi_missing.jpg",
            "the pixel data is damaged in row 110 of 120: premature end of JPEG file"
        ),
        (
            "scan_broken.jpg",
            "the pixel data is damaged in row 110 of 120: corrupt JPEG data: premature end of data segment"
        ),
        ("scan_missing.jpg", "marker EOI comes before any pixels (offset 609)"),
        ("scans_1000.jpg", "it has more than 500 scans"),
        ("sof_12_bits.jpg", "a precision of 12 bits is not supported in jpeg"),
        (
            "sof_65500x65500.jpg",
            "65500×65500 is 4290250000 pixels, 268402689 are allowed; raise --max-pixels"
        ),
        ("sof_7_components.jpg", "an image of 7 components is not supported in jpeg"),
        ("sof_lossless.jpg", "lossless coding (marker SOF3) is not supported in jpeg"),
        ("sof_missing.jpg", "marker SOS comes before the marker SOF (offset 158)"),
        (
            "sof_zero_height.jpg",
            "a height that follows the pixels (marker DNL) is not supported in jpeg"
        ),
        ("sof_zero_width.jpg", "marker SOF0 announces 0×120 pixels (offset 158)"),
        ("soi_only.jpg", "the file ends at 3 bytes without a marker SOS"),
        (
            "truncated_at_1_percent.jpg",
            "marker DQT is truncated: 65 bytes announced, 13 present (offset 20)"
        ),
        (
            "truncated_at_25_percent.jpg",
            "the pixel data is damaged in row 0 of 120: premature end of JPEG file"
        ),
        (
            "truncated_at_50_percent.jpg",
            "the pixel data is damaged in row 46 of 120: premature end of JPEG file"
        ),
        (
            "truncated_at_75_percent.jpg",
            "the pixel data is damaged in row 78 of 120: premature end of JPEG file"
        ),
        (
            "truncated_at_99_percent.jpg",
            "the pixel data is damaged in row 110 of 120: premature end of JPEG file"
        ),
        (
            "truncated_by_100_bytes.jpg",
            "the pixel data is damaged in row 110 of 120: premature end of JPEG file"
        ),
        (
            "truncated_progressive_at_50_percent.jpg",
            "the pixel data is damaged in row 0 of 120: premature end of JPEG file"
        ),
        (
            "riff_length_past_end.webp",
            "the file is truncated: 2147483655 bytes announced, 958 present"
        ),
        ("truncated_at_50_percent.webp", "the file is truncated: 958 bytes announced, 479 present"),
        ("ifd_offset_past_end.tif", "failed to read directory at offset 2147483647"),
        ("ifd_that_is_its_own_next.tif", "failed to read directory at offset 8"),
        ("truncated_at_50_percent.tif", "failed to read directory at offset 6756"),
        ("header_only.gif", "there is no image at offset 13"),
    ]

    private static let warnings: [(String, [String])] = [
        (
            "ancillary_bad_crc.png",
            ["chunk gAMA has checksum 0x00000001, its bytes 0x0bfc6105 (offset 33); it is ignored"]
        ),
        ("exif_after_idat_cut.png", []),
        ("exif_not_tiff.png", []),
        ("exif_offset_past_end.png", []),
        ("gamma_zero.png", ["chunk gAMA announces a gamma of 0 (offset 33); it is ignored"]),
        (
            "icc_announces_4_gib.png",
            ["chunk iCCP holds a profile that does not describe rgb8 (offset 33); it is ignored"]
        ),
        (
            "icc_not_a_profile.png",
            ["chunk iCCP holds a profile that does not describe rgb8 (offset 33); it is ignored"]
        ),
        (
            "icc_of_100_mb.png",
            [
                "chunk iCCP inflates to more than 4194304 bytes or ends early (offset 33); it is ignored"
            ]
        ),
        (
            "idat_length_past_end.png",
            [
                "the chunk IEND is missing",
                "chunk IDAT is truncated: 16777216 bytes announced, 2297 present (offset 33), all pixels were there",
            ]
        ),
        ("iend_missing.png", ["the chunk IEND is missing"]),
        ("iend_then_garbage.png", []),
        ("iend_without_crc.png", []),
        ("international_text_of_100_mb.png", []),
        ("palette_index_out_of_range.png", []),
        ("palette_larger_than_depth.png", []),
        (
            "rows_100_mb_too_many.png",
            ["the pixel data does not end after the last row: too much image data"]
        ),
        (
            "rows_one_too_many.png",
            ["the pixel data does not end after the last row: too much image data"]
        ),
        ("text_of_100_mb.png", []),
        (
            "trns_before_palette.png",
            [
                "chunk tRNS has 4 bytes, which does not fit the colours of the image (offset 33); it is ignored"
            ]
        ),
        (
            "trns_longer_than_palette.png",
            [
                "chunk tRNS has 40 bytes, which does not fit the colours of the image (offset 93); it is ignored"
            ]
        ),
        ("truncated_by_12_bytes.png", ["the chunk IEND is missing"]),
        (
            "truncated_by_13_bytes.png",
            [
                "the chunk IEND is missing",
                "chunk IDAT is truncated: its checksum is missing (offset 33), all pixels were there",
            ]
        ),
        (
            "truncated_by_17_bytes.png",
            [
                "the chunk IEND is missing",
                "chunk IDAT is truncated: 2281 bytes announced, 2280 present (offset 33), all pixels were there",
            ]
        ),
        ("truncated_by_1_bytes.png", []),
        ("truncated_by_8_bytes.png", ["the chunk IEND is missing"]),
        (
            "zlib_then_garbage.png",
            ["the pixel data does not end after the last row: extra compressed data"]
        ),
        (
            "zlib_without_adler.png",
            ["the pixel data does not end after the last row: the data ends"]
        ),
        ("dht_missing.jpg", []),
        ("eoi_then_garbage.jpg", []),
        ("exif_cut.jpg", []),
        (
            "icc_second_part_missing.jpg",
            ["the ICC profile is not whole or larger than 4 MiB; it is ignored"]
        ),
    ]
}
