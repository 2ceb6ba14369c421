/* image.h - decodes PNG and JPEG once, to know that a picture is whole; the pixels are thrown away. Header limits are judged
 * before a pixel is decoded, memory stays at a few rows (a progressive JPEG: its coefficients, bounded by the limit). */
#pragma once

#include "base/diag.h"
#include "base/err.h"

#include <stdint.h>

struct image_info {
    uint32_t w, h;          /* coded pixels, before any EXIF rotation */
    const char *media_type; /* image/png or image/jpeg; static */
};

/* Reads from the descriptor's start. ERR_INVALID: no PNG or JPEG, or broken (d says where). ERR_TOOBIG: over max_pixels by
 * its header. ERR_CORRUPT: ends too early. Runs for as long as the decoding takes: on a worker. */
enum err image_check(int fd, uint64_t max_pixels, struct image_info *out, struct diag *d);
