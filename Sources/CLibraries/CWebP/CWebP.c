#include "CWebP.h"

#include <webp/decode.h>
#include <webp/encode.h>

#define BYTES_BETWEEN_POLLS (1 << 15)

static pixloom_webp_status status_of(VP8StatusCode code)
{
    switch (code) {
    case VP8_STATUS_OK:
        return PIXLOOM_WEBP_DONE;
    case VP8_STATUS_OUT_OF_MEMORY:
        return PIXLOOM_WEBP_OUT_OF_MEMORY;
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA:
        return PIXLOOM_WEBP_ENDED_EARLY;
    default:
        return PIXLOOM_WEBP_DAMAGED;
    }
}

pixloom_webp_status pixloom_webp_read_header(
    const uint8_t *bytes, size_t count, pixloom_webp_header *header)
{
    WebPBitstreamFeatures features;
    pixloom_webp_status status = status_of(WebPGetFeatures(bytes, count, &features));
    if (status == PIXLOOM_WEBP_DONE) {
        *header = (pixloom_webp_header){features.width, features.height, features.has_alpha};
    }
    return status;
}

pixloom_webp_status pixloom_webp_read(
    const uint8_t *bytes, size_t count, pixloom_webp_header header, uint8_t *pixels,
    size_t bytes_per_row, pixloom_webp_poll poll, void *context)
{
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) {
        return PIXLOOM_WEBP_OUT_OF_MEMORY;
    }
    size_t bytes_per_pixel = header.has_alpha ? 4 : 3;
    config.output.colorspace = header.has_alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels;
    config.output.u.RGBA.stride = (int)bytes_per_row;
    config.output.u.RGBA.size
        = bytes_per_row * (header.height - 1) + bytes_per_pixel * header.width;
    WebPIDecoder *decoder = WebPIDecode(NULL, 0, &config);
    if (decoder == NULL) {
        return PIXLOOM_WEBP_OUT_OF_MEMORY;
    }
    // The decoder is told of more and more of the data, so that it can be stopped in between.
    pixloom_webp_status status = PIXLOOM_WEBP_ENDED_EARLY;
    size_t told = 0;
    while (status == PIXLOOM_WEBP_ENDED_EARLY && told < count) {
        if (poll(context) != 0) {
            status = PIXLOOM_WEBP_STOPPED;
            break;
        }
        told = count - told > BYTES_BETWEEN_POLLS ? told + BYTES_BETWEEN_POLLS : count;
        status = status_of(WebPIUpdate(decoder, bytes, told));
    }
    WebPIDelete(decoder);
    return status;
}

struct writing {
    pixloom_webp_poll poll;
    void *context;
};

static int go_on(int percent, const WebPPicture *picture)
{
    (void)percent;
    const struct writing *writing = picture->user_data;
    return writing->poll(writing->context) == 0;
}

pixloom_webp_status pixloom_webp_write(
    pixloom_webp_image image, pixloom_webp_poll poll, void *context, pixloom_webp_file *file)
{
    struct writing writing = {poll, context};
    *file = (pixloom_webp_file){NULL, 0};
    WebPConfig config;
    WebPPicture picture;
    if (!WebPConfigInit(&config) || !WebPPictureInit(&picture)) {
        return PIXLOOM_WEBP_FAILED;
    }
    config.lossless = image.is_lossless;
    config.exact = image.is_lossless; // colour under full transparency is kept, too
    config.quality = image.is_lossless ? 75 : (float)image.quality; // without loss it is effort
    picture.use_argb = image.is_lossless;
    picture.width = (int)image.width;
    picture.height = (int)image.height;
    picture.progress_hook = go_on;
    picture.user_data = &writing;
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;

    bool is_done = image.has_alpha
        ? WebPPictureImportRGBA(&picture, image.pixels, 4 * (int)image.width)
        : WebPPictureImportRGB(&picture, image.pixels, 3 * (int)image.width);
    is_done = is_done && WebPEncode(&config, &picture);

    WebPEncodingError error = picture.error_code;
    WebPPictureFree(&picture);
    if (is_done) {
        *file = (pixloom_webp_file){writer.mem, writer.size};
        return PIXLOOM_WEBP_DONE;
    }
    WebPMemoryWriterClear(&writer);
    switch (error) {
    case VP8_ENC_ERROR_USER_ABORT:
        return PIXLOOM_WEBP_STOPPED;
    case VP8_ENC_ERROR_OUT_OF_MEMORY:
    case VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY:
        return PIXLOOM_WEBP_OUT_OF_MEMORY;
    default:
        return PIXLOOM_WEBP_FAILED;
    }
}

void pixloom_webp_free(pixloom_webp_file file)
{
    WebPFree(file.bytes);
}

int pixloom_webp_version(void)
{
    return WebPGetDecoderVersion();
}
