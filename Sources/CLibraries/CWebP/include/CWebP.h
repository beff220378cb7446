#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How reading or writing ended.
typedef enum {
    PIXLOOM_WEBP_DONE,
    /// `poll` returned something other than 0.
    PIXLOOM_WEBP_STOPPED,
    /// The data ends before the last row.
    PIXLOOM_WEBP_ENDED_EARLY,
    /// The data breaks the rules of the format.
    PIXLOOM_WEBP_DAMAGED,
    PIXLOOM_WEBP_OUT_OF_MEMORY,
    /// The image can't be encoded.
    PIXLOOM_WEBP_FAILED,
} pixloom_webp_status;

/// What the header of an image says.
typedef struct {
    uint32_t width;
    uint32_t height;
    bool has_alpha;
} pixloom_webp_header;

/// Called every 32 KiB of encoded data and at each step of encoding; anything but 0 stops the work.
typedef int (*pixloom_webp_poll)(void *context);

/// Reads the header of an image: the chunks ALPH and VP8, or VP8L, without the RIFF header.
pixloom_webp_status pixloom_webp_read_header(
    const uint8_t *bytes, size_t count, pixloom_webp_header *header);

/// Decodes an image to RGB or RGBA; a row begins each `bytes_per_row` of `pixels`.
pixloom_webp_status pixloom_webp_read(
    const uint8_t *bytes, size_t count, pixloom_webp_header header, uint8_t *pixels,
    size_t bytes_per_row, pixloom_webp_poll poll, void *context);

/// What to write, and how.
typedef struct {
    const uint8_t *pixels;
    uint32_t width;
    uint32_t height;
    bool has_alpha;
    bool is_lossless;
    /// 1 to 100.
    int quality;
} pixloom_webp_image;

/// A file in memory that belongs to the caller, who gives it back with `pixloom_webp_free`.
typedef struct {
    uint8_t *bytes;
    size_t count;
} pixloom_webp_file;

/// Encodes packed rows of RGB or RGBA to a RIFF file without metadata.
pixloom_webp_status pixloom_webp_write(
    pixloom_webp_image image, pixloom_webp_poll poll, void *context, pixloom_webp_file *file);

void pixloom_webp_free(pixloom_webp_file file);

/// The version of libwebp that the program runs with, a byte for each of its three numbers.
int pixloom_webp_version(void);
