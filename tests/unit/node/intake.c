/* Tests of node/ingest/intake: what comes out of it is the file, its hash and its length, with a thread and without one.
 * Oracle: the same bytes in one piece through libsodium and utf8_bad. */
#include "node/ingest/intake.h"
#include "base/sha256.h"
#include "base/text.h"
#include "node/vault/vault.h"
#include "support/alloc.h"
#include "support/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

enum { LARGE = INTAKE_THREAD, TWICE = 2 * LARGE };

/* n bytes of words with a character of three bytes now and then, cut at a character's end by the caller. */
static uint8_t *words(size_t n)
{
    uint8_t *t = malloc(n + 4);
    CHECK(t != NULL);
    for (size_t i = 0; i < n + 4; i++)
        t[i] = (uint8_t)('a' + i * i % 23);
    for (size_t i = 5; i + 3 <= n; i += 7919) {
        t[i] = 0xe2;
        t[i + 1] = 0x82;
        t[i + 2] = 0xac;
    }
    return t;
}

static int file_of(struct bytes data)
{
    int fd = memfd_create("intake", MFD_CLOEXEC);
    CHECK(fd >= 0);
    for (size_t at = 0; at < data.n;) {
        ssize_t n = write(fd, data.p + at, data.n - at);
        CHECK(n > 0);
        at += (size_t)n;
    }
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

/* Everything until the end or an error, each chunk held against the bytes. */
static enum err take_all(struct intake *k, struct bytes whole, size_t *taken)
{
    for (;;) {
        struct bytes chunk;
        enum err e = intake_next(k, &chunk);
        if (e || chunk.n == 0)
            return e;
        CHECK(chunk.n == VAULT_CHUNK || *taken + chunk.n == whole.n);
        CHECK_BYTES(chunk, bytes_of(whole.p + *taken, chunk.n));
        *taken += chunk.n;
    }
}

static void check_whole(size_t n, uint64_t expected)
{
    size_t taken = 0;
    struct bytes chunk;
    AUTO(intake) k = NULL;
    AUTO_MEM uint8_t *t = words(n);
    AUTO_FD int fd = file_of(bytes_of(t, n));
    CHECK_OK(intake_new(fd, true, expected, &k));
    CHECK_OK(take_all(k, bytes_of(t, n), &taken));
    CHECK_INT(taken, n);
    CHECK(hash_eq(intake_hash(k), sha256_of(bytes_of(t, n))));
    CHECK_INT(intake_length(k), utf8_length(bytes_of(t, n)));
    CHECK_OK(intake_next(k, &chunk)); /* the end stays the end */
    CHECK_INT(chunk.n, 0);
}

static void the_bytes_the_hash_and_the_length_are_the_files(void **state)
{
    (void)state;
    static const size_t sizes[] = {
        0,         1,     VAULT_CHUNK - 1, VAULT_CHUNK,  VAULT_CHUNK + 1, (size_t)2 * VAULT_CHUNK,
        LARGE - 1, LARGE, LARGE + 1,       TWICE + 12345};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_whole(sizes[i], 0);     /* by the caller */
        check_whole(sizes[i], LARGE); /* by a thread, though the guess be wrong */
    }
}

static void check_fault(size_t n, size_t at, struct bytes with, uint64_t expected, bool cut)
{
    size_t taken = 0;
    bool is_cut = !cut;
    struct bytes chunk;
    AUTO(intake) k = NULL;
    AUTO_MEM uint8_t *t = words(n);
    memset(t + at, 'x', n - at);
    memcpy(t + at, with.p, with.n);
    CHECK_INT(utf8_bad(bytes_of(t, n)), at);
    AUTO_FD int fd = file_of(bytes_of(t, n));
    CHECK_OK(intake_new(fd, true, expected, &k));
    CHECK_ERR(take_all(k, bytes_of(t, n), &taken), ERR_INVALID);
    CHECK_INT(intake_bad(k, &is_cut), at);
    CHECK_INT(is_cut, cut);
    CHECK(taken <= at + 3); /* the beginning of a character may have been the chunk's last bytes */
    CHECK_ERR(intake_next(k, &chunk), ERR_INVALID); /* it sticks */
}

static void a_text_that_is_not_utf8_is_refused_where_it_fails(void **state)
{
    (void)state;
    static const size_t places[] = {0, 1000, VAULT_CHUNK - 1, VAULT_CHUNK, LARGE + 77};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        check_fault(TWICE, places[i], bytes_str("\xe4"), 0, false);
        check_fault(TWICE, places[i], bytes_str("\xe4"), LARGE, false);
    }
    check_fault(LARGE, LARGE - 2, bytes_str("\xe2\x82"), 0, true);
    check_fault(LARGE, LARGE - 2, bytes_str("\xe2\x82"), LARGE, true);
}

static void what_is_no_text_is_only_hashed(void **state)
{
    (void)state;
    static const uint8_t raw[] = {0xff, 0xd8, 0xff, 0x00};
    size_t taken = 0;
    AUTO(intake) k = NULL;
    AUTO_FD int fd = file_of(bytes_of(raw, sizeof raw));
    CHECK_OK(intake_new(fd, false, LARGE, &k));
    CHECK_OK(take_all(k, bytes_of(raw, sizeof raw), &taken));
    CHECK(hash_eq(intake_hash(k), sha256_of(bytes_of(raw, sizeof raw))));
}

static void it_may_be_ended_after_any_chunk(void **state)
{
    (void)state;
    size_t n = TWICE + LARGE;
    AUTO_MEM uint8_t *t = words(n);
    AUTO_FD int fd = file_of(bytes_of(t, n));
    for (unsigned chunks = 0; chunks < 2 * INTAKE_AHEAD; chunks++) {
        AUTO(intake) k = NULL;
        CHECK(lseek(fd, 0, SEEK_SET) == 0);
        CHECK_OK(intake_new(fd, true, n, &k));
        for (unsigned i = 0; i < chunks; i++) {
            struct bytes chunk;
            CHECK_OK(intake_next(k, &chunk));
            CHECK_BYTES(chunk, bytes_of(t + (size_t)i * VAULT_CHUNK, VAULT_CHUNK));
        }
        if (chunks % 3 == 0)
            (void)usleep(2000); /* the ring is full: the thread waits for room */
    }
}

static void a_file_that_cannot_be_read_is_an_error_that_sticks(void **state)
{
    (void)state;
    for (uint64_t expected = 0; expected <= LARGE; expected += LARGE) {
        struct bytes chunk;
        AUTO(intake) k = NULL;
        AUTO_FD int fd = open(scratch_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        CHECK_OK(intake_new(fd, true, expected, &k));
        enum err e = intake_next(k, &chunk);
        CHECK(e != OK && e != ERR_INVALID);
        CHECK_ERR(intake_next(k, &chunk), e);
    }
}

static enum err make_one(void *ctx)
{
    const int *fd = ctx;
    AUTO(intake) k = NULL;
    return intake_new(*fd, true, 0, &k);
}

static void without_memory_it_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    AUTO_FD int fd = file_of(bytes_str("text"));
    CHECK(alloc_torture(make_one, &fd) > 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(the_bytes_the_hash_and_the_length_are_the_files),
        CASE(a_text_that_is_not_utf8_is_refused_where_it_fails),
        CASE(what_is_no_text_is_only_hashed),
        CASE(it_may_be_ended_after_any_chunk),
        CASE(a_file_that_cannot_be_read_is_an_error_that_sticks),
        CASE(without_memory_it_says_so_and_leaks_nothing),
    };
    return RUN(cases, argc, argv);
}
