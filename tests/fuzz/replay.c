/* replay.c - runs a fuzz target in the normal suite: over every file of the folders named, over every beginning of it, and
 * over it with each byte changed in one bit (files up to 4 KiB; larger ones in steps). */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { INPUT_MAX = 1 << 20, SWEEP = 4096 };

static void sweep(uint8_t *data, size_t n)
{
    size_t step = n / SWEEP + 1;
    (void)LLVMFuzzerTestOneInput(data, n);
    for (size_t i = 0; i < n; i += step) {
        /* On the heap and of exactly this size, so that a read past the end is seen. */
        uint8_t *cut = malloc(i + 1);
        if (cut == NULL)
            abort();
        memcpy(cut, data, i);
        (void)LLVMFuzzerTestOneInput(cut, i);
        free(cut);
        data[i] ^= (uint8_t)(1U << i % 8);
        (void)LLVMFuzzerTestOneInput(data, n);
        data[i] ^= (uint8_t)(1U << i % 8);
    }
}

static int replay_file(const char *folder, const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "re");
    uint8_t *data = malloc(INPUT_MAX);
    if (f == NULL || data == NULL) {
        (void)fprintf(stderr, "cannot read %s\n", path);
        free(data);
        if (f != NULL)
            (void)fclose(f);
        return 1;
    }
    size_t n = fread(data, 1, INPUT_MAX, f);
    (void)fclose(f);
    sweep(data, n);
    free(data);
    return 0;
}

static int replay_folder(const char *folder, unsigned *count)
{
    int bad = 0;
    DIR *d = opendir(folder);
    if (d == NULL) {
        (void)fprintf(stderr, "no folder %s\n", folder);
        return 1;
    }
    for (const struct dirent *x = readdir(d); x != NULL; x = readdir(d)) {
        if (x->d_name[0] == '.')
            continue;
        bad |= replay_file(folder, x->d_name);
        (*count)++;
    }
    (void)closedir(d);
    return bad;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    int bad = 0;
    (void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++)
        bad |= replay_folder(argv[i], &count);
    (void)printf("%u inputs replayed and swept\n", count);
    return bad != 0 || count == 0;
}
