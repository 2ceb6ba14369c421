/* image.c - libpng and libjpeg, row by row. Their errors jump, so nothing that needs release lives in the jumping frames. */
#include "io/image.h"

#include "base/cleanup.h"

#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* after stdio.h */
#include <jpeglib.h>

enum { SCAN_MAX = 500 }; /* a progressive JPEG of endless scans costs time, not memory */

struct decode {
    FILE *f;
    jmp_buf out;
    uint64_t max_pixels;
    struct image_info info;
    uint8_t *row;
    enum err e;
    struct diag *d;
    png_structp png;
    png_infop png_info;
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr jpeg_err;
    struct jpeg_progress_mgr jpeg_progress;
};

static enum err size_ok(struct decode *x, uint64_t w, uint64_t h)
{
    if (w == 0 || h == 0)
        return diag_set(x->d, ERR_INVALID, "a picture without pixels");
    if (w > UINT32_MAX || h > UINT32_MAX || w > x->max_pixels / h)
        return diag_set(x->d, ERR_TOOBIG, "%llu x %llu pixels, at most %llu are allowed",
                        (unsigned long long)w, (unsigned long long)h,
                        (unsigned long long)x->max_pixels);
    x->info.w = (uint32_t)w;
    x->info.h = (uint32_t)h;
    return OK;
}

static void png_failed(png_structp png, png_const_charp text)
{
    struct decode *x = png_get_error_ptr(png);
    bool early = strstr(text, "Read Error") != NULL || strstr(text, "Not enough") != NULL;
    x->e = early ? diag_set(x->d, ERR_CORRUPT, "the PNG ends too early")
                 : diag_set(x->d, ERR_INVALID, "broken PNG: %s", text);
    longjmp(x->out, 1);
}

static void png_warned(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

static void png_decode(struct decode *x)
{
    x->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, x, png_failed, png_warned);
    x->png_info = x->png == NULL ? NULL : png_create_info_struct(x->png);
    if (x->png_info == NULL) {
        x->e = ERR_NOMEM;
        return;
    }
    if (setjmp(x->out) != 0) // NOLINT(cert-err52-cpp)
        return;
    png_set_user_limits(x->png, 0x7fffffff, 0x7fffffff);
    png_set_chunk_malloc_max(x->png, (png_alloc_size_t)8 * 1024 * 1024);
    png_init_io(x->png, x->f);
    png_read_info(x->png, x->png_info);
    x->e = size_ok(x, png_get_image_width(x->png, x->png_info),
                   png_get_image_height(x->png, x->png_info));
    if (x->e)
        return;
    int passes = png_set_interlace_handling(x->png);
    png_read_update_info(x->png, x->png_info);
    x->row = malloc(png_get_rowbytes(x->png, x->png_info));
    if (x->row == NULL) {
        x->e = ERR_NOMEM;
        return;
    }
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < x->info.h; y++)
            png_read_row(x->png, x->row, NULL);
    }
    png_read_end(x->png, NULL);
    x->info.media_type = "image/png";
}

static void jpeg_failed(j_common_ptr c)
{
    struct decode *x = c->client_data;
    char text[JMSG_LENGTH_MAX];
    c->err->format_message(c, text);
    x->e = diag_set(x->d, ERR_INVALID, "broken JPEG: %s", text);
    longjmp(x->out, 1);
}

/* libjpeg repairs what it can and warns; a repaired film is not the hospital's film. */
static void jpeg_warned(j_common_ptr c, int level)
{
    struct decode *x = c->client_data;
    char text[JMSG_LENGTH_MAX];
    if (level >= 0)
        return;
    c->err->format_message(c, text);
    bool early = strstr(text, "Premature end") != NULL;
    x->e = early ? diag_set(x->d, ERR_CORRUPT, "the JPEG ends too early")
                 : diag_set(x->d, ERR_INVALID, "broken JPEG: %s", text);
    longjmp(x->out, 1);
}

static void jpeg_quiet(j_common_ptr c)
{
    (void)c;
}

static void jpeg_progressed(j_common_ptr c)
{
    struct decode *x = c->client_data;
    if (x->jpeg.input_scan_number <= SCAN_MAX)
        return;
    x->e = diag_set(x->d, ERR_INVALID, "broken JPEG: more than %d scans", SCAN_MAX);
    longjmp(x->out, 1);
}

static void jpeg_decode(struct decode *x)
{
    x->jpeg.err = jpeg_std_error(&x->jpeg_err);
    x->jpeg.client_data = x;
    x->jpeg_err.error_exit = jpeg_failed;
    x->jpeg_err.emit_message = jpeg_warned;
    x->jpeg_err.output_message = jpeg_quiet;
    x->jpeg_progress.progress_monitor = jpeg_progressed;
    if (setjmp(x->out) != 0) // NOLINT(cert-err52-cpp)
        return;
    jpeg_create_decompress(&x->jpeg);
    x->jpeg.client_data = x;
    x->jpeg.progress = &x->jpeg_progress;
    jpeg_stdio_src(&x->jpeg, x->f);
    (void)jpeg_read_header(&x->jpeg, TRUE);
    x->e = size_ok(x, x->jpeg.image_width, x->jpeg.image_height);
    if (x->e)
        return;
    (void)jpeg_start_decompress(&x->jpeg);
    x->row = malloc((size_t)x->jpeg.output_width * (size_t)x->jpeg.output_components);
    if (x->row == NULL) {
        x->e = ERR_NOMEM;
        return;
    }
    while (x->jpeg.output_scanline < x->jpeg.output_height)
        (void)jpeg_read_scanlines(&x->jpeg, &x->row, 1);
    (void)jpeg_finish_decompress(&x->jpeg);
    x->info.media_type = "image/jpeg";
}

enum err image_check(int fd, uint64_t max_pixels, struct image_info *out, struct diag *d)
{
    static const uint8_t png_magic[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    uint8_t head[8] = {0};
    int own = dup(fd);
    if (own < 0 || lseek(own, 0, SEEK_SET) != 0) {
        fd_auto(&own);
        return ERR_IO;
    }
    struct decode *x = calloc(1, sizeof *x);
    FILE *f = x == NULL ? NULL : fdopen(own, "rb");
    if (f == NULL) {
        free(x);
        fd_auto(&own);
        return ERR_NOMEM;
    }
    x->f = f;
    x->max_pixels = max_pixels;
    x->d = d;
    size_t n = fread(head, 1, sizeof head, f);
    rewind(f);
    if (n == sizeof head && memcmp(head, png_magic, sizeof head) == 0)
        png_decode(x);
    else if (n >= 3 && head[0] == 0xff && head[1] == 0xd8 && head[2] == 0xff)
        jpeg_decode(x);
    else
        x->e = diag_set(d, ERR_INVALID, "neither a PNG nor a JPEG");
    if (x->png != NULL)
        png_destroy_read_struct(&x->png, &x->png_info, NULL);
    if (x->jpeg.err != NULL)
        jpeg_destroy_decompress(&x->jpeg);
    enum err e = x->e;
    if (!e)
        *out = x->info;
    free(x->row);
    free(x);
    (void)fclose(f);
    return e;
}
