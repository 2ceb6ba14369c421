/* replay_sampled.c - runs a fuzz target without a fuzzer, for inputs too large to change byte by byte: every file of the folders given,
 * each cut at many places, and many small changes of each, the same ones every time. */
#include "base/rng.h"
#include "support/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer gives the name. NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CUTS = 16, CHANGES = 24, ODD_BYTES = 12 };

static uint64_t state = 1;

/* splitmix64: the same sequence everywhere. */
static size_t below(size_t n)
{
    state += 0x9e3779b97f4a7c15u;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (size_t)((z ^ (z >> 31)) % n);
}

/* A copy of its own, so that a read past the end is seen. */
static void run(const uint8_t *data, size_t n)
{
    uint8_t *copy = malloc(n + 1);
    if (copy == NULL)
        abort();
    memcpy(copy, data, n);
    uint8_t *exact = realloc(copy, n == 0 ? 1 : n);
    (void)LLVMFuzzerTestOneInput(exact == NULL ? copy : exact, n);
    free(exact == NULL ? copy : exact);
}

static void change(uint8_t *data, size_t n)
{
    static const uint8_t odd[ODD_BYTES] = {'"', '{', '}', '[',  ']', ',',
                                           ':', '0', '-', '\\', 0,   0xff};
    size_t times = 1 + below(3);
    for (size_t i = 0; i < times; i++) {
        size_t at = below(n);
        if (below(3) == 0) {
            data[at] ^= (uint8_t)(1u << below(8));
        } else if (below(2) == 0) {
            data[at] = odd[below(ODD_BYTES)];
        } else {
            size_t from = below(n);
            size_t room = n - (at > from ? at : from);
            memmove(data + at, data + from, 1 + below(room < 16 ? room : 16));
        }
    }
}

static void replay(struct bytes seed)
{
    run(seed.p, seed.n);
    for (size_t i = 0; i < CUTS && seed.n > 0; i++)
        run(seed.p, i * seed.n / CUTS);
    for (size_t i = 0; i < CHANGES && seed.n > 0; i++) {
        uint8_t *copy = malloc(seed.n);
        if (copy == NULL)
            abort();
        memcpy(copy, seed.p, seed.n);
        change(copy, seed.n);
        run(copy, seed.n);
        free(copy);
    }
}

static size_t replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t n = 0;
    if (dir == NULL) {
        (void)fprintf(stderr, "no folder %s\n", folder);
        return 0;
    }
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char path[1024];
        CLEANUP(buf_fini) struct buf seed = BUF_INIT(0);
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_type != DT_REG)
            continue;
        slurp(path, &seed);
        replay(buf_bytes(&seed));
        n++;
    }
    (void)closedir(dir);
    return n;
}

int main(int argc, char **argv)
{
    size_t n = 0;
    rng_start();
    for (int i = 1; i < argc; i++)
        n += replay_folder(argv[i]);
    (void)printf("replayed %zu files, each %d times\n", n, 1 + CUTS + CHANGES);
    return n == 0 ? 1 : 0;
}
