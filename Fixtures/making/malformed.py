"""Files that are wrong, each in one way."""

import gzip
import struct
import zlib

from . import metadata, pixels, png
from .valid_other import picture, saved
from .valid_png import palette_chunk

WIDTH, HEIGHT = 33, 24


class Parts:
    """The parts of a right RGB file, to be put together wrongly."""

    samples = pixels.pattern("malformed", WIDTH, HEIGHT, 3, 8)
    rows = png.image_data(samples, 8)
    data = zlib.compress(rows, 9)
    header = png.header(WIDTH, HEIGHT, 8, png.RGB)
    end = png.chunk(b"IEND")


def file(*chunks):
    return png.SIGNATURE + b"".join(chunks)


def with_data(data):
    return file(Parts.header, png.chunk(b"IDAT", data), Parts.end)


def with_rows(rows):
    return with_data(zlib.compress(rows, 9))


def png_headers():
    """IHDR and what is before it."""
    data = png.chunk(b"IDAT", Parts.data)
    fields = {
        "zero_width": (0, 24, 8, 2, 0, 0, 0), "zero_height": (33, 0, 8, 2, 0, 0, 0),
        "width_over_31_bits": (0x80000000, 24, 8, 2, 0, 0, 0), "depth_3": (33, 24, 3, 0, 0, 0, 0),
        "rgb_of_4_bits": (33, 24, 4, 2, 0, 0, 0), "color_type_5": (33, 24, 8, 5, 0, 0, 0),
        "compression_1": (33, 24, 8, 2, 1, 0, 0), "filter_method_1": (33, 24, 8, 2, 0, 1, 0),
        "interlace_2": (33, 24, 8, 2, 0, 0, 2), "60000x60000": (60000, 60000, 8, 2, 0, 0, 0),
        "2147483647x2147483647": (0x7FFFFFFF, 0x7FFFFFFF, 16, 6, 0, 0, 1),
    }
    for name, values in fields.items():
        yield f"ihdr_{name}.png", file(png.chunk(b"IHDR", struct.pack(">IIBBBBB", *values)), data, Parts.end)
    yield "ihdr_bad_crc.png", file(png.chunk(b"IHDR", struct.pack(">IIBBBBB", 33, 24, 8, 2, 0, 0, 0), crc=1), data, Parts.end)
    yield "ihdr_of_12_bytes.png", file(png.chunk(b"IHDR", Parts.header[8:20]), data, Parts.end)
    yield "ihdr_missing.png", file(data, Parts.end)
    yield "ihdr_twice.png", file(Parts.header, Parts.header, data, Parts.end)
    yield "signature_only.png", png.SIGNATURE
    yield "signature_converted_to_lf.png", file(Parts.header, data, Parts.end).replace(b"\r\n", b"\n")


def png_chunks():
    """Order, checksums and lengths of chunks."""
    data, half = png.chunk(b"IDAT", Parts.data), len(Parts.data) // 2
    first, second = png.chunk(b"IDAT", Parts.data[:half]), png.chunk(b"IDAT", Parts.data[half:])
    gamma = struct.pack(">I", 45455)
    yield "idat_bad_crc.png", file(Parts.header, png.chunk(b"IDAT", Parts.data, crc=0x12345678), Parts.end)
    yield "idat_missing.png", file(Parts.header, Parts.end)
    yield "idat_not_consecutive.png", file(Parts.header, first, png.chunk(b"tEXt", b"a\0b"), second, Parts.end)
    yield "idat_length_over_31_bits.png", file(Parts.header, b"\xff\xff\xff\xff" + data[4:], Parts.end)
    yield "idat_length_past_end.png", file(Parts.header, struct.pack(">I", 1 << 24) + data[4:], Parts.end)
    yield "critical_chunk_unknown.png", file(Parts.header, png.chunk(b"ABCD", b"?"), data, Parts.end)
    yield "chunk_name_not_letters.png", file(Parts.header, png.chunk(b"\0\x01\x02\x03"), data, Parts.end)
    yield "ancillary_bad_crc.png", file(Parts.header, png.chunk(b"gAMA", gamma, crc=1), data, Parts.end)
    yield "gamma_zero.png", file(Parts.header, png.chunk(b"gAMA", bytes(4)), data, Parts.end)
    yield "exif_not_tiff.png", file(Parts.header, png.chunk(b"eXIf", b"nonsense"), data, Parts.end)
    yield "exif_offset_past_end.png", file(Parts.header, png.chunk(b"eXIf", b"II*\0\xff\xff\xff\x7f"), data, Parts.end)
    yield "exif_after_idat_cut.png", file(Parts.header, data, png.chunk(b"eXIf", metadata.exif(6)[:9]), Parts.end)
    yield "iend_missing.png", file(Parts.header, data)
    yield "iend_without_crc.png", file(Parts.header, data, Parts.end)[:-4]
    yield "iend_then_garbage.png", file(Parts.header, data, Parts.end) + b"garbage" * 100


def png_truncations():
    """A right file cut at these shares of its length."""
    whole = with_data(Parts.data)
    for percent in (1, 25, 50, 75, 99):
        yield f"truncated_at_{percent}_percent.png", whole[:len(whole) * percent // 100]
    for count in (1, 8, 12, 13, 17, 100):
        yield f"truncated_by_{count}_bytes.png", whole[:-count]
    interlaced = png.encoded(Parts.samples, 8, png.RGB, interlaced=True)
    yield "truncated_interlaced_at_50_percent.png", interlaced[:len(interlaced) // 2]


def png_palettes():
    """Palettes and what refers to them."""
    samples = pixels.pattern("malformed palette", WIDTH, HEIGHT, 1, 4)
    header = png.header(WIDTH, HEIGHT, 4, png.PALETTE)
    data = png.chunk(b"IDAT", zlib.compress(png.image_data(samples, 4), 9))
    sixteen, four = palette_chunk(4), palette_chunk(2)
    yield "palette_index_out_of_range.png", file(header, four, data, Parts.end)
    yield "palette_missing.png", file(header, data, Parts.end)
    yield "palette_after_idat.png", file(header, data, sixteen, Parts.end)
    yield "palette_empty.png", file(header, png.chunk(b"PLTE"), data, Parts.end)
    yield "palette_of_7_bytes.png", file(header, png.chunk(b"PLTE", bytes(7)), data, Parts.end)
    yield "palette_larger_than_depth.png", file(header, palette_chunk(8), data, Parts.end)
    yield "trns_longer_than_palette.png", file(header, sixteen, png.chunk(b"tRNS", bytes(40)), data, Parts.end)
    yield "trns_before_palette.png", file(header, png.chunk(b"tRNS", bytes(4)), sixteen, data, Parts.end)


def png_data():
    """The compressed stream and the rows in it."""
    row = 1 + WIDTH * 3
    adler = struct.pack(">I", zlib.adler32(Parts.rows) ^ 1)
    middle = len(Parts.data) // 2
    yield "row_filter_5.png", with_rows(Parts.rows[:row * 10] + b"\x05" + Parts.rows[row * 10 + 1:])
    yield "row_filter_255_in_first_row.png", with_rows(b"\xff" + Parts.rows[1:])
    yield "rows_too_few.png", with_rows(Parts.rows[:row * 15])
    yield "rows_short_of_one_byte.png", with_rows(Parts.rows[:-1])
    yield "rows_one_too_many.png", with_rows(Parts.rows + Parts.rows[:row])
    yield "rows_100_mb_too_many.png", with_rows(Parts.rows + bytes(100_000_000))
    yield "zlib_bad_header.png", with_data(b"\x00\x00" + Parts.data[2:])
    yield "zlib_with_dictionary.png", with_data(b"\x78\xbb" + Parts.data[2:])
    yield "zlib_bad_adler.png", with_data(Parts.data[:-4] + adler)
    yield "zlib_without_adler.png", with_data(Parts.data[:-4])
    yield "zlib_then_garbage.png", with_data(Parts.data + b"garbage" * 20)
    yield "zlib_broken_in_middle.png", with_data(Parts.data[:middle] + bytes(16) + Parts.data[middle + 16:])
    yield "zlib_block_type_3.png", with_data(b"\x78\x9c\x07" + Parts.data[3:])
    yield "zlib_empty.png", with_data(b"")


def png_bombs():
    """Small files that ask for much."""
    data = png.chunk(b"IDAT", Parts.data)
    bomb = zlib.compress(bytes(100_000_000), 9)
    yield "text_of_100_mb.png", file(Parts.header, png.chunk(b"zTXt", b"Comment\0\0" + bomb), data, Parts.end)
    itxt = png.chunk(b"iTXt", b"Comment\0\1\0\0\0" + bomb)
    yield "international_text_of_100_mb.png", file(Parts.header, itxt, data, Parts.end)
    yield "icc_of_100_mb.png", file(Parts.header, metadata.icc_chunk(b"", bomb), data, Parts.end)
    announced = bytearray(metadata.display_p3())
    announced[0:4] = struct.pack(">I", 0xFFFFFFF0)
    yield "icc_announces_4_gib.png", file(Parts.header, metadata.icc_chunk(bytes(announced)), data, Parts.end)
    yield "icc_not_a_profile.png", file(Parts.header, metadata.icc_chunk(b"nonsense" * 30), data, Parts.end)


def jpeg_files():
    """JPEG files; markers are named as in ITU-T T.81."""
    whole = saved(picture("malformed jpeg", 160, 120), format="JPEG", quality=90, subsampling=2)
    progressive = saved(picture("malformed jpeg", 160, 120), format="JPEG", quality=90, progressive=True)
    frame, scan = whole.index(b"\xff\xc0"), whole.index(b"\xff\xda")

    def sized(width, height):
        return whole[:frame + 5] + struct.pack(">HH", height, width) + whole[frame + 9:]

    for percent in (1, 25, 50, 75, 99):
        yield f"truncated_at_{percent}_percent.jpg", whole[:len(whole) * percent // 100]
    yield "truncated_progressive_at_50_percent.jpg", progressive[:len(progressive) // 2]
    yield "truncated_by_100_bytes.jpg", whole[:-100]
    yield "eoi_missing.jpg", whole[:-2]
    yield "eoi_then_garbage.jpg", whole + b"garbage" * 100
    yield "sof_zero_width.jpg", sized(0, 120)
    yield "sof_zero_height.jpg", sized(160, 0)
    yield "sof_65500x65500.jpg", sized(65500, 65500)
    yield "sof_missing.jpg", whole[:frame] + whole[scan:]
    yield "sof_12_bits.jpg", whole[:frame + 4] + b"\x0c" + whole[frame + 5:]
    yield "sof_7_components.jpg", whole[:frame + 9] + b"\x07" + whole[frame + 10:]
    yield "sof_lossless.jpg", whole[:frame + 1] + b"\xc3" + whole[frame + 2:]
    yield "dht_missing.jpg", without(whole, 0xC4)
    yield "dqt_missing.jpg", without(whole, 0xDB)
    yield "scan_broken.jpg", whole[:-600] + bytes(200) + whole[-400:]
    yield "scan_missing.jpg", whole[:scan] + b"\xff\xd9"
    yield "soi_only.jpg", b"\xff\xd8\xff"
    yield "exif_cut.jpg", saved(picture("malformed jpeg", 49, 35), format="JPEG", exif=b"Exif\0\0" + metadata.exif(6)[:9])
    yield "icc_second_part_missing.jpg", whole[:2] + segment(0xE2, b"ICC_PROFILE\0\x01\x02" + bytes(200)) + whole[2:]
    small = saved(picture("malformed jpeg", 49, 35, 1), format="JPEG", quality=50, progressive=True)
    yield "scans_1000.jpg", repeated_scan(small, 1000)


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def without(data, marker):
    """The file without the segments of this marker."""
    result, offset = data[:2], 2
    while data[offset + 1] != 0xDA:
        end = offset + 2 + struct.unpack(">H", data[offset + 2:offset + 4])[0]
        result += data[offset:end] if data[offset + 1] != marker else b""
        offset = end
    return result + data[offset:]


def repeated_scan(progressive, count):
    """The first scan, which holds the means of the blocks, many times: each costs a pass over the image."""
    start = progressive.index(b"\xff\xda")
    end = start + 2
    while not (progressive[end] == 0xFF and progressive[end + 1] not in (0, *range(0xD0, 0xD8))):
        end += 1
    return progressive[:end] + progressive[start:end] * (count - 1) + progressive[end:]


def others():
    """What is no image, or no longer one, under the name of one."""
    yield "html_named.png", b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body>no image</body></html>\n"
    yield "svg_named.png", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>\n'
    yield "gzip_named.png", gzip.compress(with_data(Parts.data), mtime=0)
    yield "empty.png", b""
    yield "empty.jpg", b""
    yield "one_byte.png", b"\x89"
    yield "zeros.png", bytes(1000)
    yield "text.txt", b"a file that nobody would take for an image\n"
    lossy = saved(picture("malformed webp", 160, 120), format="WEBP", quality=90)
    yield "truncated_at_50_percent.webp", lossy[:len(lossy) // 2]
    yield "riff_length_past_end.webp", lossy[:4] + b"\xff\xff\xff\x7f" + lossy[8:]
    strips = saved(picture("malformed tiff", 49, 35), format="TIFF", compression="tiff_lzw")
    yield "tiff_truncated_at_50_percent.tif", strips[:len(strips) // 2]
    yield "ifd_offset_past_end.tif", strips[:4] + b"\xff\xff\xff\x7f" + strips[8:]
    yield "ifd_that_is_its_own_next.tif", b"II*\0\x08\0\0\0\0\0" + struct.pack("<I", 8)
    yield "header_only.gif", b"GIF89a\x31\0\x23\0\0\0\0"


def make(write):
    for part in (png_headers, png_chunks, png_truncations, png_palettes, png_data, png_bombs, jpeg_files, others):
        for name, data in part():
            write(name, data)
