/* film_save.c - PNG by libpng, JPEG by libjpeg. */
#include "film.h"

#include <stdio.h> /* jpeglib.h wants it before */

#include <jpeglib.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

/* A colour film is a grey one with the slight blue of a screen's phosphor. */
static uint8_t *coloured(const struct film *f)
{
    size_t n = (size_t)f->w * (size_t)f->h;
    uint8_t *rgb = malloc(n * 3);
    for (size_t i = 0; rgb != NULL && i < n; i++) {
        rgb[3 * i] = f->grey[i];
        rgb[3 * i + 1] = f->grey[i];
        rgb[3 * i + 2] = f->grey[i] > 247 ? 255 : (uint8_t)(f->grey[i] + 8);
    }
    return rgb;
}

static bool save_png(const struct film *f, const uint8_t *pixels, const char *path)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)f->w,
                       .height = (png_uint_32)f->h,
                       .format = f->rgb ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY};
    return png_image_write_to_file(&image, path, 0, pixels, 0, NULL) != 0;
}

static bool save_jpeg(const struct film *f, const uint8_t *pixels, const char *path)
{
    FILE *out = fopen(path, "we");
    struct jpeg_error_mgr error;
    struct jpeg_compress_struct c;
    int channels = f->rgb ? 3 : 1;
    if (out == NULL)
        return false;
    memset(&c, 0, sizeof c);
    c.err = jpeg_std_error(&error); /* a fault of the library ends the program, with its words */
    jpeg_create_compress(&c);
    jpeg_stdio_dest(&c, out);
    c.image_width = (JDIMENSION)f->w;
    c.image_height = (JDIMENSION)f->h;
    c.input_components = channels;
    c.in_color_space = f->rgb ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&c);
    c.dct_method = JDCT_ISLOW;
    jpeg_set_quality(&c, 92, TRUE);
    jpeg_start_compress(&c, TRUE);
    while (c.next_scanline < c.image_height) {
        /* The library does not write to its rows. */
        JSAMPROW row = (JSAMPROW)(uintptr_t)(pixels + (size_t)c.next_scanline * (size_t)f->w *
                                                          (size_t)channels);
        (void)jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    bool good = ferror(out) == 0;
    return fclose(out) == 0 && good;
}

bool film_save(const struct film *f, const char *path)
{
    AUTO_MEM uint8_t *rgb = f->rgb ? coloured(f) : NULL;
    const uint8_t *pixels = f->rgb ? rgb : f->grey;
    if (pixels == NULL)
        return false;
    return f->jpeg ? save_jpeg(f, pixels, path) : save_png(f, pixels, path);
}
