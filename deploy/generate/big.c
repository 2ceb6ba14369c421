/* big.c - gigabytes of text, at the speed of the disk. */
#include "big.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1024 * 1024, LINE = 64 };

/* Lines of 64 bytes; the number in each makes blocks differ. */
static void number_lines(char *block, uint64_t first)
{
    for (size_t i = 0; i < BLOCK / LINE; i++) {
        char line[LINE + 16];
        (void)snprintf(line, sizeof line,
                       "%012" PRIu64 " BP 128/76 mmHg, HR 72/min, SpO2 97 %%, T 36.8 C.....\n",
                       (uint64_t)(first + i));
        memcpy(block + i * LINE, line, LINE);
        block[i * LINE + LINE - 1] = '\n';
    }
}

bool big_write(uint64_t bytes, const char *path)
{
    FILE *f = fopen(path, "we");
    char *block = malloc(BLOCK);
    bool good = f != NULL && block != NULL;
    if (f != NULL)
        (void)setvbuf(f, NULL, _IONBF, 0);
    for (uint64_t at = 0; good && at < bytes; at += BLOCK) {
        uint64_t rest = bytes - at;
        size_t n = rest < BLOCK ? (size_t)rest : BLOCK;
        number_lines(block, at / LINE);
        good = fwrite(block, 1, n, f) == n;
    }
    if (f != NULL && fclose(f) != 0)
        good = false;
    free(block);
    return good;
}
