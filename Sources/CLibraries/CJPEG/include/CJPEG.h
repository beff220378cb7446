#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How reading or writing ended.
typedef enum {
    PIXLOOM_JPEG_DONE,
    /// `poll` returned something other than 0.
    PIXLOOM_JPEG_STOPPED,
    /// The pixel data ended before the last row, or one of its codes made no sense.
    PIXLOOM_JPEG_DAMAGED,
    /// The file is of a kind that libjpeg does not read; `message` says which.
    PIXLOOM_JPEG_UNSUPPORTED,
    /// There were more scans than allowed.
    PIXLOOM_JPEG_TOO_MANY_SCANS,
    /// `message` says why.
    PIXLOOM_JPEG_FAILED,
    PIXLOOM_JPEG_OUT_OF_MEMORY,
} pixloom_jpeg_status;

#define PIXLOOM_JPEG_MESSAGE_SIZE 200

/// What reading found, beside pixels.
typedef struct {
    /// The rows that were read.
    uint32_t row_count;
    /// What libjpeg said by its error, or else by its first warning; empty if it said nothing.
    char message[PIXLOOM_JPEG_MESSAGE_SIZE];
} pixloom_jpeg_findings;

/// Called for each row of blocks in each scan; anything but 0 stops the work. It must not jump.
typedef int (*pixloom_jpeg_poll)(void *context);

/// What to read: the whole file, and how it is to be decoded.
typedef struct {
    const uint8_t *bytes;
    size_t count;
    /// What the sides are divided by: 1, 2, 4 or 8.
    unsigned shrink;
    unsigned scan_limit;
    /// The size after shrinking, and the channels (1 or 3), that `pixels` has room for.
    uint32_t width;
    uint32_t height;
    int channel_count;
} pixloom_jpeg_source;

/// Decodes all rows into `pixels`, packed.
pixloom_jpeg_status pixloom_jpeg_read(
    pixloom_jpeg_source source, uint8_t *pixels, pixloom_jpeg_poll poll, void *context,
    pixloom_jpeg_findings *findings);

/// A file in memory that belongs to the caller, who gives it back with `pixloom_jpeg_free`.
typedef struct {
    uint8_t *bytes;
    size_t count;
} pixloom_jpeg_file;

/// What to write, and how.
typedef struct {
    const uint8_t *pixels;
    uint32_t width;
    uint32_t height;
    int channel_count;
    /// 1 to 100.
    int quality;
    /// Whether colour is stored at half the resolution in both directions.
    bool halves_chroma;
    bool is_progressive;
} pixloom_jpeg_image;

/// Encodes rows to a JFIF file. `file` holds memory only if the result is `PIXLOOM_JPEG_DONE`.
pixloom_jpeg_status pixloom_jpeg_write(
    pixloom_jpeg_image image, pixloom_jpeg_poll poll, void *context, pixloom_jpeg_file *file,
    char message[PIXLOOM_JPEG_MESSAGE_SIZE]);

void pixloom_jpeg_free(pixloom_jpeg_file file);

/// The version of libjpeg-turbo that the program was compiled with: `2.1.5`.
const char *pixloom_jpeg_version(void);
