#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// libtiff without its variable arguments, on a file in memory. No function here jumps.

/// An open file.
typedef struct pixloom_tiff pixloom_tiff;

/// The numbers of a page that say how its pixels are stored (TIFF 6.0, sections 3 to 22).
typedef struct {
    uint32_t width;
    uint32_t height;
    uint16_t bits_per_sample;
    uint16_t samples_per_pixel;
    uint16_t sample_format;
    uint16_t photometric;
    uint16_t planar_configuration;
    uint16_t compression;
    uint16_t orientation;
    /// What the first sample beyond the colours is; 0 if it is nothing that is known.
    uint16_t extra_sample;
    /// 0 × 0 if the page is in strips.
    uint32_t tile_width;
    uint32_t tile_height;
    /// The bytes of one row of a strip, or of one tile.
    size_t block_byte_count;
} pixloom_tiff_page;

enum {
    PIXLOOM_TIFF_PROFILE = 34675,
    PIXLOOM_TIFF_XMP = 700,
};

/// Opens a file for reading; `bytes` must stay until it is closed. NULL if its first page can't be
/// read or memory runs out; `message`, of 200 bytes, then says why.
pixloom_tiff *pixloom_tiff_open(const uint8_t *bytes, size_t count, char *message);

/// Begins a file in memory. NULL if memory runs out.
pixloom_tiff *pixloom_tiff_create(bool is_big);

/// Frees everything.
void pixloom_tiff_close(pixloom_tiff *file);

/// What libtiff said by its last error, or else by its first warning; empty if it said nothing.
const char *pixloom_tiff_message(const pixloom_tiff *file);

/// The numbers of the first page.
pixloom_tiff_page pixloom_tiff_first_page(pixloom_tiff *file);

/// The number of pages; a chain that comes back to itself ends there.
uint32_t pixloom_tiff_page_count(pixloom_tiff *file);

/// The colours of a palette as 2 to the power of `bits_per_sample` numbers of 16 bits each.
bool pixloom_tiff_color_map(
    pixloom_tiff *file, const uint16_t **red, const uint16_t **green, const uint16_t **blue);

/// The bytes of a tag, which belong to the file; NULL if it has none.
const uint8_t *pixloom_tiff_bytes_of_tag(pixloom_tiff *file, uint32_t tag, size_t *count);

/// Makes JPEG compression give RGB.
void pixloom_tiff_convert_jpeg_to_rgb(pixloom_tiff *file);

/// Decodes a row of one plane; rows must be asked for in order.
bool pixloom_tiff_read_row(pixloom_tiff *file, uint8_t *row, uint32_t y, uint16_t plane);

/// Decodes the tile of one plane that has the pixel at `x`, `y`.
bool pixloom_tiff_read_tile(
    pixloom_tiff *file, uint8_t *tile, uint32_t x, uint32_t y, uint16_t plane);

/// Says what will be written: deflated strips of one plane.
bool pixloom_tiff_begin_page(
    pixloom_tiff *file, uint32_t width, uint32_t height, uint16_t bits_per_sample,
    uint16_t channel_count);

/// Sets a tag of bytes.
bool pixloom_tiff_set_bytes_of_tag(
    pixloom_tiff *file, uint32_t tag, const uint8_t *bytes, size_t count);

/// Encodes a row, which is changed; rows must come in order.
bool pixloom_tiff_write_row(pixloom_tiff *file, uint8_t *row, uint32_t y);

/// Writes what is left and gives the bytes of the file, which belong to it; NULL if it failed.
const uint8_t *pixloom_tiff_finish(pixloom_tiff *file, size_t *count);

/// The version of libtiff that the program runs with: `LIBTIFF, Version 4.5.0` and more lines.
const char *pixloom_tiff_version(void);
