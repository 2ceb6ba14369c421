/* check.c - test support. */
#include "support/check.h"

#include "base/cleanup.h"
#include "base/rng.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char scratch[64];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_scratch(void)
{
    if (scratch[0] != '\0')
        (void)nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int check_run(const struct CMUnitTest *cases, size_t n, int argc, char **argv)
{
    int failed = 0;
    rng_start();
    if (argc <= 1)
        return _cmocka_run_group_tests("", cases, n, NULL, NULL);
    for (int a = 1; a < argc; a++) {
        size_t i = 0;
        while (i < n && strcmp(cases[i].name, argv[a]) != 0)
            i++;
        if (i == n) {
            (void)fprintf(stderr, "no case %s\n", argv[a]);
            return 64;
        }
        failed += _cmocka_run_group_tests(argv[a], cases + i, 1, NULL, NULL);
    }
    return failed;
}

void check_bytes(struct bytes a, struct bytes b, const char *file, int line)
{
    if (bytes_eq(a, b))
        return;
    print_error("got    (%zu) %.*s\nwanted (%zu) %.*s\n", a.n, (int)a.n, (const char *)a.p, b.n,
                (int)b.n, (const char *)b.p);
    _fail(file, line);
}

const char *tests_dir(const char *below)
{
    static char path[1024];
    const char *root = getenv("CLOISTER_TESTS_DIR");
    if (root == NULL)
        root = "tests";
    (void)snprintf(path, sizeof path, "%s/%s", root, below);
    return path;
}

const char *data_dir(const char *below)
{
    static char path[1024];
    const char *root = getenv("CLOISTER_DATA");
    if (root == NULL || root[0] == '\0')
        (void)snprintf(path, sizeof path, "%s/../../shared/data/%s", tests_dir("."), below);
    else
        (void)snprintf(path, sizeof path, "%s/%s", root, below);
    return access(path, R_OK) == 0 ? path : NULL;
}

void slurp(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        print_error("cannot read %s\n", path);
        fail();
    }
    buf_init(out, (size_t)256 * 1024 * 1024);
    size_t got = 0;
    do {
        uint8_t *to = buf_reserve(out, 65536);
        assert_non_null(to);
        got = fread(to, 1, 65536, f);
        buf_commit(out, got);
    } while (got > 0);
    (void)fclose(f);
}

const char *scratch_dir(void)
{
    if (scratch[0] == '\0') {
        (void)snprintf(scratch, sizeof scratch, "/tmp/cloister-test-XXXXXX");
        assert_non_null(mkdtemp(scratch));
        (void)atexit(remove_scratch);
    }
    return scratch;
}
