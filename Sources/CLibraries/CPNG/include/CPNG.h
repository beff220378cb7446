#pragma once

#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

/// A part of the stream that libpng reads; the parts are read one after the other.
typedef struct {
    const uint8_t *bytes;
    size_t count;
} pixloom_png_part;

/// How reading or writing ended.
typedef enum {
    PIXLOOM_PNG_DONE,
    /// `poll` returned something other than 0.
    PIXLOOM_PNG_STOPPED,
    /// The parts ended before the last row.
    PIXLOOM_PNG_ENDED_EARLY,
    /// `message` says why.
    PIXLOOM_PNG_FAILED,
    PIXLOOM_PNG_OUT_OF_MEMORY,
} pixloom_png_status;

/// What reading found, beside pixels.
typedef struct {
    /// The rows that were read whole, in the pass that was read last.
    uint32_t row_count;
    /// What libpng said last, by an error or else by a warning; empty if it said nothing.
    char message[120];
} pixloom_png_findings;

/// Called every 16 rows; anything but 0 stops the work. It must not jump.
typedef int (*pixloom_png_poll)(void *context);

/// A file in memory that belongs to the caller, who gives it back with `pixloom_png_free`.
typedef struct {
    uint8_t *bytes;
    size_t count;
} pixloom_png_file;

/// What the samples of a row are; the values are those of the IHDR chunk.
typedef struct {
    uint32_t width;
    uint32_t height;
    uint8_t color_type;
    uint8_t bit_depth;
} pixloom_png_header;

/// Decodes all rows into `pixels`, as 1 to 4 channels of 8 bits, or of 16 in machine order.
///
/// Checksums are not looked at: the caller has done that, and gives only the chunks IHDR, PLTE,
/// tRNS and IDAT. Palette indices that have no colour are black. A row has as many bytes as the header implies, which the caller knows.
pixloom_png_status pixloom_png_read(
    const pixloom_png_part *parts, size_t part_count, uint8_t *pixels, size_t bytes_per_row,
    pixloom_png_poll poll, void *context, pixloom_png_findings *findings);

/// Encodes rows to a signature and the chunks IHDR, IDAT and IEND.
///
/// `compression_level` is zlib's, 1 to 9. `file` holds memory only if the result is
/// `PIXLOOM_PNG_DONE`.
pixloom_png_status pixloom_png_write(
    pixloom_png_header header, const uint8_t *pixels, size_t bytes_per_row, int compression_level,
    pixloom_png_poll poll, void *context, pixloom_png_file *file, char message[120]);

void pixloom_png_free(pixloom_png_file file);

/// The version of libpng that the program runs with: `1.6.39`.
const char *pixloom_png_version(void);
