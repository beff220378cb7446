#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// libpng reports an error by longjmp. So each read and each write is one C function that calls
// setjmp, and no frame of another language lies between it and the jump. What has to survive a
// jump is in a struct of the function around it.

#define ROWS_BETWEEN_POLLS 16

/// Keeps a message, without the chunk that libpng puts before it.
static void keep_message(char *destination, const char *message)
{
    if (strncmp(message, "IDAT: ", 6) == 0) {
        message += 6;
    }
    snprintf(destination, sizeof ((pixloom_png_findings *)0)->message, "%s", message);
}

// MARK: Reading

struct reading {
    const pixloom_png_part *parts;
    size_t part_count;
    size_t offset; // in the first of the parts that are left
    bool ended;
    pixloom_png_findings *findings;
};

static void reading_failed(png_structp png, png_const_charp message)
{
    struct reading *reading = png_get_error_ptr(png);
    keep_message(reading->findings->message, message);
    png_longjmp(png, 1);
}

static void reading_warned(png_structp png, png_const_charp message)
{
    struct reading *reading = png_get_error_ptr(png);
    keep_message(reading->findings->message, message);
}

static void read_bytes(png_structp png, png_bytep destination, size_t count)
{
    struct reading *reading = png_get_io_ptr(png);
    while (count > 0) {
        if (reading->part_count == 0) {
            reading->ended = true;
            png_error(png, "the data ends");
        }
        size_t left = reading->parts->count - reading->offset;
        size_t taken = count < left ? count : left;
        memcpy(destination, reading->parts->bytes + reading->offset, taken);
        destination += taken;
        count -= taken;
        reading->offset += taken;
        if (reading->offset == reading->parts->count) {
            reading->parts += 1;
            reading->part_count -= 1;
            reading->offset = 0;
        }
    }
}

static pixloom_png_status read_rows(
    png_structp png, png_infop info, uint8_t *pixels, size_t bytes_per_row, pixloom_png_poll poll,
    void *context)
{
    if (setjmp(png_jmpbuf(png))) {
        return PIXLOOM_PNG_FAILED;
    }
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_benign_errors(png, 1);
    png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
    png_read_info(png, info);

    png_set_expand(png); // palettes to colours, 1 to 4 bits to 8, tRNS to alpha
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    png_set_swap(png);
#endif
    int pass_count = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != bytes_per_row) {
        png_error(png, "a row has another size than expected");
    }
    png_uint_32 height = png_get_image_height(png, info);
    for (int pass = 0; pass < pass_count; pass += 1) {
        for (png_uint_32 y = 0; y < height; y += 1) {
            if (y % ROWS_BETWEEN_POLLS == 0 && poll(context) != 0) {
                return PIXLOOM_PNG_STOPPED;
            }
            png_read_row(png, pixels + y * bytes_per_row, NULL);
        }
    }
    return PIXLOOM_PNG_DONE;
}

pixloom_png_status pixloom_png_read(
    const pixloom_png_part *parts, size_t part_count, uint8_t *pixels, size_t bytes_per_row,
    pixloom_png_poll poll, void *context, pixloom_png_findings *findings)
{
    struct reading reading = {parts, part_count, 0, false, findings};
    *findings = (pixloom_png_findings){0, ""};
    png_structp png = png_create_read_struct(
        PNG_LIBPNG_VER_STRING, &reading, reading_failed, reading_warned);
    if (png == NULL) {
        return PIXLOOM_PNG_OUT_OF_MEMORY;
    }
    png_infop info = png_create_info_struct(png);
    if (info == NULL) {
        png_destroy_read_struct(&png, NULL, NULL);
        return PIXLOOM_PNG_OUT_OF_MEMORY;
    }
    png_set_read_fn(png, &reading, read_bytes);

    pixloom_png_status status = read_rows(png, info, pixels, bytes_per_row, poll, context);

    // After the last row libpng looks for the end of the compressed data. What it does not like
    // there came too late to harm a pixel.
    bool is_interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
    findings->row_count = png_get_current_row_number(png);
    bool has_all_rows = is_interlaced ? png_get_current_pass_number(png) == 7
                                      : findings->row_count == png_get_image_height(png, info)
                                            && findings->row_count > 0;
    if (status == PIXLOOM_PNG_FAILED && has_all_rows) {
        status = PIXLOOM_PNG_DONE;
    } else if (status == PIXLOOM_PNG_FAILED && reading.ended) {
        status = PIXLOOM_PNG_ENDED_EARLY;
    }
    png_destroy_read_struct(&png, &info, NULL);
    return status;
}

// MARK: Writing

struct writing {
    pixloom_png_file file;
    size_t capacity;
    char *message;
};

static void writing_failed(png_structp png, png_const_charp message)
{
    struct writing *writing = png_get_error_ptr(png);
    keep_message(writing->message, message);
    png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void write_bytes(png_structp png, png_bytep source, size_t count)
{
    struct writing *writing = png_get_io_ptr(png);
    if (count > writing->capacity - writing->file.count) {
        size_t capacity = 2 * writing->capacity + count;
        uint8_t *bytes = realloc(writing->file.bytes, capacity);
        if (bytes == NULL) {
            png_error(png, "out of memory");
        }
        writing->file.bytes = bytes;
        writing->capacity = capacity;
    }
    memcpy(writing->file.bytes + writing->file.count, source, count);
    writing->file.count += count;
}

static void flush_nothing(png_structp png)
{
    (void)png;
}

static pixloom_png_status write_rows(
    png_structp png, png_infop info, pixloom_png_header header, const uint8_t *pixels,
    size_t bytes_per_row, int compression_level, pixloom_png_poll poll, void *context)
{
    if (setjmp(png_jmpbuf(png))) {
        return PIXLOOM_PNG_FAILED;
    }
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(
        png, info, header.width, header.height, header.bit_depth, header.color_type,
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
    png_set_compression_level(png, compression_level);
    png_set_compression_buffer_size(png, 1 << 15);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_ALL_FILTERS);
    png_write_info(png, info);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    png_set_swap(png);
#endif
    if (png_get_rowbytes(png, info) != bytes_per_row) {
        png_error(png, "a row has another size than expected");
    }
    for (uint32_t y = 0; y < header.height; y += 1) {
        if (y % ROWS_BETWEEN_POLLS == 0 && poll(context) != 0) {
            return PIXLOOM_PNG_STOPPED;
        }
        png_write_row(png, pixels + y * bytes_per_row);
    }
    png_write_end(png, NULL);
    return PIXLOOM_PNG_DONE;
}

pixloom_png_status pixloom_png_write(
    pixloom_png_header header, const uint8_t *pixels, size_t bytes_per_row, int compression_level,
    pixloom_png_poll poll, void *context, pixloom_png_file *file, char message[120])
{
    struct writing writing = {{NULL, 0}, 0, message};
    *file = writing.file;
    keep_message(message, "");
    png_structp png = png_create_write_struct(
        PNG_LIBPNG_VER_STRING, &writing, writing_failed, ignore_warning);
    if (png == NULL) {
        return PIXLOOM_PNG_OUT_OF_MEMORY;
    }
    png_infop info = png_create_info_struct(png);
    if (info == NULL) {
        png_destroy_write_struct(&png, NULL);
        return PIXLOOM_PNG_OUT_OF_MEMORY;
    }
    png_set_write_fn(png, &writing, write_bytes, flush_nothing);

    pixloom_png_status status = write_rows(
        png, info, header, pixels, bytes_per_row, compression_level, poll, context);

    png_destroy_write_struct(&png, &info);
    if (status == PIXLOOM_PNG_DONE) {
        *file = writing.file;
    } else {
        free(writing.file.bytes);
    }
    return status;
}

void pixloom_png_free(pixloom_png_file file)
{
    free(file.bytes);
}

const char *pixloom_png_version(void)
{
    return png_get_libpng_ver(NULL);
}
