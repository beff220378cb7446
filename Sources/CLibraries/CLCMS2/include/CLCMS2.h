#pragma once

// Little CMS is used as it is: it reports errors by return values.
#include <lcms2.h>

/// The layouts of pixels, which are macros with arguments in lcms2.h: channels interleaved, alpha
/// after the colours, 16 bits in machine order.
static inline cmsUInt32Number pixloom_lcms2_layout(
    int channel_count, int bytes_per_sample)
{
    int is_color = channel_count >= 3;
    int extra_count = channel_count % 2 == 0;
    return COLORSPACE_SH(is_color ? PT_RGB : PT_GRAY) | EXTRA_SH(extra_count)
        | CHANNELS_SH(is_color ? 3 : 1) | BYTES_SH(bytes_per_sample);
}
