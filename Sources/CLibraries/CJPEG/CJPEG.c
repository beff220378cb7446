#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

// libjpeg reports an error through a function that must not return, so it jumps. Each read and
// each write is one C function that calls setjmp, and no frame of another language lies between it
// and the jump. What has to survive a jump is in a struct of the function around it.

/// What the hooks of one read or write share; libjpeg's objects point to it.
struct work {
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf start;
    pixloom_jpeg_status status;
    pixloom_jpeg_poll poll;
    void *context;
    unsigned scan_limit;
    char *message;
};

static struct work *work_of(j_common_ptr codec)
{
    return codec->client_data;
}

static _Noreturn void end_work(j_common_ptr codec, pixloom_jpeg_status status)
{
    work_of(codec)->status = status;
    longjmp(work_of(codec)->start, 1);
}

static void keep_message(j_common_ptr codec)
{
    char message[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, message);
    snprintf(work_of(codec)->message, PIXLOOM_JPEG_MESSAGE_SIZE, "%s", message);
}

static void work_failed(j_common_ptr codec)
{
    keep_message(codec);
    switch (codec->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
        end_work(codec, PIXLOOM_JPEG_OUT_OF_MEMORY);
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
        end_work(codec, PIXLOOM_JPEG_UNSUPPORTED);
    default:
        end_work(codec, PIXLOOM_JPEG_FAILED);
    }
}

/// Takes a warning (level -1) or a trace message (from 0).
///
/// After some warnings libjpeg fills in gray or garbage; those end the work.
static void work_was_told(j_common_ptr codec, int level)
{
    if (level >= 0) {
        return;
    }
    if (codec->err->num_warnings == 0) {
        keep_message(codec);
    }
    codec->err->num_warnings += 1;
    switch (codec->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
        keep_message(codec);
        end_work(codec, PIXLOOM_JPEG_DAMAGED);
    default:
        break;
    }
}

/// Called by libjpeg for each row of pixels and for each row of blocks of a scan.
static void poll_during(j_common_ptr codec)
{
    struct work *work = work_of(codec);
    if (codec->is_decompressor
        && ((j_decompress_ptr)codec)->input_scan_number > (int)work->scan_limit) {
        end_work(codec, PIXLOOM_JPEG_TOO_MANY_SCANS);
    }
    if (work->poll(work->context) != 0) {
        end_work(codec, PIXLOOM_JPEG_STOPPED);
    }
}

static struct jpeg_error_mgr *hooks_of(struct work *work)
{
    jpeg_std_error(&work->errors);
    work->errors.error_exit = work_failed;
    work->errors.emit_message = work_was_told;
    work->progress.progress_monitor = poll_during;
    work->message[0] = '\0';
    return &work->errors;
}

// MARK: Reading

/// Replaces a row of CMYK by RGB.
///
/// The file holds 255 less the ink, as Adobe's programs write it and all others after them.
static void convert_row_from_cmyk(const uint8_t *source, uint8_t *destination, size_t width)
{
    for (size_t x = 0; x < width; x += 1) {
        unsigned light = source[4 * x + 3];
        for (size_t channel = 0; channel < 3; channel += 1) {
            destination[3 * x + channel] = (source[4 * x + channel] * light + 127) / 255;
        }
    }
}

/// The part of reading that may jump.
static void read_rows(
    j_decompress_ptr decoder, pixloom_jpeg_source source, uint8_t *pixels)
{
    if (setjmp(work_of((j_common_ptr)decoder)->start)) {
        return;
    }
    jpeg_create_decompress(decoder);
    decoder->progress = &work_of((j_common_ptr)decoder)->progress;
    jpeg_mem_src(decoder, source.bytes, source.count);
    jpeg_read_header(decoder, TRUE);

    bool is_cmyk = decoder->num_components == 4;
    decoder->scale_num = 1;
    decoder->scale_denom = source.shrink;
    decoder->dct_method = JDCT_ISLOW;
    decoder->do_fancy_upsampling = TRUE;
    // At an eighth of the size there is nothing to smooth, and left-out scans are not missing.
    decoder->do_block_smoothing = source.shrink != 8;
    decoder->out_color_space =
        is_cmyk ? JCS_CMYK : source.channel_count == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_calc_output_dimensions(decoder);
    if (decoder->output_width != source.width || decoder->output_height != source.height) {
        ERREXIT(decoder, JERR_IMAGE_TOO_BIG);
    }
    JSAMPARRAY cmyk =
        is_cmyk ? (*decoder->mem->alloc_sarray)(
            (j_common_ptr)decoder, JPOOL_IMAGE, 4 * source.width, 1)
                : NULL;
    jpeg_start_decompress(decoder);
    size_t bytes_per_row = (size_t)source.width * source.channel_count;
    while (decoder->output_scanline < decoder->output_height) {
        JSAMPROW row = pixels + bytes_per_row * decoder->output_scanline;
        jpeg_read_scanlines(decoder, is_cmyk ? cmyk : &row, 1);
        if (is_cmyk) {
            convert_row_from_cmyk(cmyk[0], row, source.width);
        }
    }
    // Not jpeg_finish_decompress: what follows the last row can't matter any more.
    work_of((j_common_ptr)decoder)->status = PIXLOOM_JPEG_DONE;
}

pixloom_jpeg_status pixloom_jpeg_read(
    pixloom_jpeg_source source, uint8_t *pixels, pixloom_jpeg_poll poll, void *context,
    pixloom_jpeg_findings *findings)
{
    struct work work = {
        .status = PIXLOOM_JPEG_FAILED,
        .poll = poll,
        .context = context,
        .scan_limit = source.scan_limit,
        .message = findings->message,
    };
    struct jpeg_decompress_struct decoder = {.client_data = &work, .err = hooks_of(&work)};

    read_rows(&decoder, source, pixels);

    findings->row_count = decoder.output_scanline;
    jpeg_destroy_decompress(&decoder);
    return work.status;
}

// MARK: Writing

/// A file that grows in memory. Unlike libjpeg's own, it can be freed after an error.
struct growing_file {
    struct jpeg_destination_mgr manager;
    uint8_t *bytes;
    size_t capacity;
};

static void grow(j_compress_ptr encoder, size_t capacity)
{
    struct growing_file *file = (struct growing_file *)encoder->dest;
    uint8_t *bytes = realloc(file->bytes, capacity);
    if (bytes == NULL) {
        ERREXIT1(encoder, JERR_OUT_OF_MEMORY, 0);
    }
    file->manager.next_output_byte = bytes + file->capacity;
    file->manager.free_in_buffer = capacity - file->capacity;
    file->bytes = bytes;
    file->capacity = capacity;
}

static void start_file(j_compress_ptr encoder)
{
    grow(encoder, 1 << 14);
}

static boolean grow_full_file(j_compress_ptr encoder)
{
    grow(encoder, 2 * ((struct growing_file *)encoder->dest)->capacity);
    return TRUE;
}

static void end_file(j_compress_ptr encoder)
{
    (void)encoder;
}

/// The part of writing that may jump.
static void write_rows(
    j_compress_ptr encoder, pixloom_jpeg_image image, struct growing_file *file)
{
    if (setjmp(work_of((j_common_ptr)encoder)->start)) {
        return;
    }
    jpeg_create_compress(encoder);
    encoder->progress = &work_of((j_common_ptr)encoder)->progress;
    encoder->dest = &file->manager;
    encoder->image_width = image.width;
    encoder->image_height = image.height;
    encoder->input_components = image.channel_count;
    encoder->in_color_space = image.channel_count == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(encoder);
    jpeg_set_quality(encoder, image.quality, TRUE);
    encoder->dct_method = JDCT_ISLOW;
    encoder->optimize_coding = TRUE;
    if (image.channel_count == 3) {
        encoder->comp_info[0].h_samp_factor = image.halves_chroma ? 2 : 1;
        encoder->comp_info[0].v_samp_factor = image.halves_chroma ? 2 : 1;
    }
    if (image.is_progressive) {
        jpeg_simple_progression(encoder);
    }
    jpeg_start_compress(encoder, TRUE);
    size_t bytes_per_row = (size_t)image.width * image.channel_count;
    while (encoder->next_scanline < encoder->image_height) {
        JSAMPROW row = (JSAMPROW)image.pixels + bytes_per_row * encoder->next_scanline;
        jpeg_write_scanlines(encoder, &row, 1);
    }
    jpeg_finish_compress(encoder);
    work_of((j_common_ptr)encoder)->status = PIXLOOM_JPEG_DONE;
}

pixloom_jpeg_status pixloom_jpeg_write(
    pixloom_jpeg_image image, pixloom_jpeg_poll poll, void *context, pixloom_jpeg_file *file,
    char message[PIXLOOM_JPEG_MESSAGE_SIZE])
{
    struct work work = {
        .status = PIXLOOM_JPEG_FAILED,
        .poll = poll,
        .context = context,
        .message = message,
    };
    struct jpeg_compress_struct encoder = {.client_data = &work, .err = hooks_of(&work)};
    struct growing_file growing_file = {
        .manager = {
            .init_destination = start_file,
            .empty_output_buffer = grow_full_file,
            .term_destination = end_file,
        },
    };

    write_rows(&encoder, image, &growing_file);

    jpeg_destroy_compress(&encoder);
    if (work.status == PIXLOOM_JPEG_DONE) {
        file->bytes = growing_file.bytes;
        file->count = growing_file.capacity - growing_file.manager.free_in_buffer;
    } else {
        *file = (pixloom_jpeg_file){NULL, 0};
        free(growing_file.bytes);
    }
    return work.status;
}

void pixloom_jpeg_free(pixloom_jpeg_file file)
{
    free(file.bytes);
}

#define TEXT(token) #token
#define TEXT_OF_VALUE(macro) TEXT(macro)

const char *pixloom_jpeg_version(void)
{
    return TEXT_OF_VALUE(LIBJPEG_TURBO_VERSION);
}
