#include "CTIFF.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#define MESSAGE_SIZE 200
#define LARGEST_ALLOCATION (1 << 29)

struct pixloom_tiff {
    TIFF *tiff;
    uint8_t *bytes;
    size_t count;
    size_t capacity; // 0 while reading
    size_t offset;
    bool has_failed;
    char message[MESSAGE_SIZE];
};

// MARK: A file in memory

static tmsize_t read_bytes(thandle_t handle, void *destination, tmsize_t wanted)
{
    pixloom_tiff *file = handle;
    size_t left = file->offset < file->count ? file->count - file->offset : 0;
    size_t count = (size_t)wanted < left ? (size_t)wanted : left;
    memcpy(destination, file->bytes + file->offset, count);
    file->offset += count;
    return (tmsize_t)count;
}

static bool grow(pixloom_tiff *file, size_t count)
{
    if (count > file->capacity) {
        size_t capacity = 2 * count;
        uint8_t *bytes = realloc(file->bytes, capacity);
        if (bytes == NULL) {
            return false;
        }
        file->bytes = bytes;
        file->capacity = capacity;
    }
    if (count > file->count) {
        memset(file->bytes + file->count, 0, count - file->count);
        file->count = count;
    }
    return true;
}

static tmsize_t write_bytes(thandle_t handle, void *source, tmsize_t count)
{
    pixloom_tiff *file = handle;
    if (file->capacity == 0 || !grow(file, file->offset + (size_t)count)) {
        return -1;
    }
    memcpy(file->bytes + file->offset, source, (size_t)count);
    file->offset += (size_t)count;
    return count;
}

static toff_t seek(thandle_t handle, toff_t offset, int origin)
{
    pixloom_tiff *file = handle;
    switch (origin) {
    case SEEK_CUR:
        offset += file->offset;
        break;
    case SEEK_END:
        offset += file->count;
        break;
    default:
        break;
    }
    file->offset = offset;
    return offset;
}

static int close_nothing(thandle_t handle)
{
    (void)handle;
    return 0;
}

static toff_t size(thandle_t handle)
{
    return ((pixloom_tiff *)handle)->count;
}

static int keep_error(
    TIFF *tiff, void *context, const char *module, const char *format, va_list arguments)
{
    (void)tiff;
    (void)module;
    pixloom_tiff *file = context;
    vsnprintf(file->message, MESSAGE_SIZE, format, arguments);
    file->has_failed = true;
    return 1;
}

static int keep_warning(
    TIFF *tiff, void *context, const char *module, const char *format, va_list arguments)
{
    (void)tiff;
    (void)module;
    pixloom_tiff *file = context;
    // Tags that are not in the standard are common and mean no harm.
    bool is_harmless = strncmp(format, "Unknown field", 13) == 0;
    if (!is_harmless && !file->has_failed && file->message[0] == '\0') {
        vsnprintf(file->message, MESSAGE_SIZE, format, arguments);
    }
    return 1;
}

static bool open_tiff(pixloom_tiff *file, const char *mode)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (options == NULL) {
        return false;
    }
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, LARGEST_ALLOCATION);
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, file);
    TIFFOpenOptionsSetWarningHandlerExtR(options, keep_warning, file);
    file->tiff = TIFFClientOpenExt(
        "memory", mode, file, read_bytes, write_bytes, seek, close_nothing, size, NULL, NULL,
        options);
    TIFFOpenOptionsFree(options);
    return file->tiff != NULL;
}

pixloom_tiff *pixloom_tiff_open(const uint8_t *bytes, size_t count, char *message)
{
    message[0] = '\0';
    pixloom_tiff *file = calloc(1, sizeof *file);
    if (file == NULL) {
        return NULL;
    }
    file->bytes = (uint8_t *)bytes;
    file->count = count;
    if (open_tiff(file, "rm")) {
        return file;
    }
    memcpy(message, file->message, MESSAGE_SIZE);
    free(file);
    return NULL;
}

pixloom_tiff *pixloom_tiff_create(bool is_big)
{
    pixloom_tiff *file = calloc(1, sizeof *file);
    if (file == NULL) {
        return NULL;
    }
    file->capacity = 1 << 14;
    file->bytes = malloc(file->capacity);
    if (file->bytes != NULL && open_tiff(file, is_big ? "wl8m" : "wlm")) {
        return file;
    }
    free(file->bytes);
    free(file);
    return NULL;
}

void pixloom_tiff_close(pixloom_tiff *file)
{
    if (file->tiff != NULL) {
        TIFFClose(file->tiff);
    }
    if (file->capacity > 0) {
        free(file->bytes);
    }
    free(file);
}

const char *pixloom_tiff_message(const pixloom_tiff *file)
{
    return file->message;
}

// MARK: Reading

static uint32_t number32(pixloom_tiff *file, uint32_t tag)
{
    uint32_t number = 0;
    TIFFGetField(file->tiff, tag, &number);
    return number;
}

static uint16_t number16(pixloom_tiff *file, uint32_t tag)
{
    uint16_t number = 0;
    TIFFGetFieldDefaulted(file->tiff, tag, &number);
    return number;
}

pixloom_tiff_page pixloom_tiff_first_page(pixloom_tiff *file)
{
    pixloom_tiff_page page = {
        .width = number32(file, TIFFTAG_IMAGEWIDTH),
        .height = number32(file, TIFFTAG_IMAGELENGTH),
        .bits_per_sample = number16(file, TIFFTAG_BITSPERSAMPLE),
        .samples_per_pixel = number16(file, TIFFTAG_SAMPLESPERPIXEL),
        .sample_format = number16(file, TIFFTAG_SAMPLEFORMAT),
        .photometric = number16(file, TIFFTAG_PHOTOMETRIC),
        .planar_configuration = number16(file, TIFFTAG_PLANARCONFIG),
        .compression = number16(file, TIFFTAG_COMPRESSION),
        .orientation = number16(file, TIFFTAG_ORIENTATION),
    };
    uint16_t extra_sample_count = 0;
    uint16_t *extra_samples = NULL;
    if (TIFFGetField(file->tiff, TIFFTAG_EXTRASAMPLES, &extra_sample_count, &extra_samples)
        && extra_sample_count > 0) {
        page.extra_sample = extra_samples[0];
    }
    if (TIFFIsTiled(file->tiff)) {
        page.tile_width = number32(file, TIFFTAG_TILEWIDTH);
        page.tile_height = number32(file, TIFFTAG_TILELENGTH);
        page.block_byte_count = (size_t)TIFFTileSize(file->tiff);
    } else {
        page.block_byte_count = (size_t)TIFFScanlineSize(file->tiff);
    }
    return page;
}

uint32_t pixloom_tiff_page_count(pixloom_tiff *file)
{
    return TIFFNumberOfDirectories(file->tiff);
}

bool pixloom_tiff_color_map(
    pixloom_tiff *file, const uint16_t **red, const uint16_t **green, const uint16_t **blue)
{
    return TIFFGetField(file->tiff, TIFFTAG_COLORMAP, red, green, blue) == 1;
}

const uint8_t *pixloom_tiff_bytes_of_tag(pixloom_tiff *file, uint32_t tag, size_t *count)
{
    uint32_t byte_count = 0;
    void *bytes = NULL;
    if (TIFFGetField(file->tiff, tag, &byte_count, &bytes) != 1) {
        return NULL;
    }
    *count = byte_count;
    return bytes;
}

void pixloom_tiff_convert_jpeg_to_rgb(pixloom_tiff *file)
{
    TIFFSetField(file->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
}

bool pixloom_tiff_read_row(pixloom_tiff *file, uint8_t *row, uint32_t y, uint16_t plane)
{
    return TIFFReadScanline(file->tiff, row, y, plane) == 1;
}

bool pixloom_tiff_read_tile(
    pixloom_tiff *file, uint8_t *tile, uint32_t x, uint32_t y, uint16_t plane)
{
    return TIFFReadTile(file->tiff, tile, x, y, 0, plane) >= 0;
}

// MARK: Writing

bool pixloom_tiff_begin_page(
    pixloom_tiff *file, uint32_t width, uint32_t height, uint16_t bits_per_sample,
    uint16_t channel_count)
{
    TIFF *tiff = file->tiff;
    uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
    bool is_color = channel_count >= 3;
    bool has_alpha = channel_count % 2 == 0;
    return TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width)
        && TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height)
        && TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, bits_per_sample)
        && TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, channel_count)
        && TIFFSetField(
               tiff, TIFFTAG_PHOTOMETRIC, is_color ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK)
        && (!has_alpha || TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha))
        && TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG)
        && TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT)
        && TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE)
        && TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL)
        && TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(tiff, 0));
}

bool pixloom_tiff_set_bytes_of_tag(
    pixloom_tiff *file, uint32_t tag, const uint8_t *bytes, size_t count)
{
    return TIFFSetField(file->tiff, tag, (uint32_t)count, bytes) == 1;
}

bool pixloom_tiff_write_row(pixloom_tiff *file, uint8_t *row, uint32_t y)
{
    return TIFFWriteScanline(file->tiff, row, y, 0) == 1;
}

const uint8_t *pixloom_tiff_finish(pixloom_tiff *file, size_t *count)
{
    TIFFClose(file->tiff); // writes the directory
    file->tiff = NULL;
    *count = file->count;
    return file->has_failed ? NULL : file->bytes;
}

const char *pixloom_tiff_version(void)
{
    return TIFFGetVersion();
}
