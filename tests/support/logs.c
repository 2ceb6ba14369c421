/* logs.c - support for tests of the log store. */
#include "support/logs.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/tlog/bundle.h"
#include "core/tlog/tile.h"
#include "support/check.h"
#include "support/naive_tree.h"

#include <stdio.h>
#include <sys/wait.h>

struct secret *logs_seed(void)
{
    uint8_t seed[NOTE_SEED];
    struct secret *s = NULL;
    memset(seed, 1, sizeof seed);
    CHECK_OK(secret_copy(bytes_of(seed, sizeof seed), &s));
    return s;
}

uint64_t logs_append(struct logstore *s, uint64_t now_ms, const char *text)
{
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(1 << 20);
    uint64_t index = 0;
    CHECK_OK(buf_puts(&frame, "0123456789abcdef"));
    CHECK_OK(buf_puts(&frame, text));
    CHECK_OK(logstore_append(s, ENTRY_LOCAL, now_ms, buf_bytes(&frame), bytes_of(NULL, 0), &index));
    return index;
}

struct hash logs_naive_root(struct logstore *s)
{
    uint64_t n = logstore_size(s);
    struct hash *leaves = calloc(n + 1, sizeof *leaves);
    CHECK(leaves != NULL);
    for (uint64_t i = 0; i < n; i++) {
        struct logstore_item item;
        CHECK_OK(logstore_get(s, i, &item));
        leaves[i] = naive_hash(0, item.text.p, item.text.n, "", 0);
    }
    struct hash root = naive_root(leaves, n);
    free(leaves);
    return root;
}

static void read_below(const char *dir, const char *name, struct buf *out)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    slurp(path, out);
}

static void check_frame(const char *dir, struct bytes text)
{
    char path[128];
    struct entry e;
    CHECK_OK(entry_parse(text, &e));
    struct hash_text h = hash_hex(e.frame);
    (void)snprintf(path, sizeof path, "frame/%.2s/%s", h.s, h.s);
    CLEANUP(buf_fini) struct buf frame;
    read_below(dir, path, &frame);
    CHECK_INT(frame.n, e.frame_size);
    CHECK(hash_eq(sha256_of(buf_bytes(&frame)), e.frame));
}

static void leaves_of(const char *dir, uint64_t size, struct hash *leaves)
{
    struct tile t;
    uint64_t at = 0;
    for (uint64_t n = 0; tile_at(TILE_ENTRIES, n, size, &t); n++) {
        char path[TILE_PATH];
        CLEANUP(buf_fini) struct buf b;
        read_below(dir, tile_path(t, path), &b);
        struct bytes rest = buf_bytes(&b);
        struct bytes entry;
        while (bundle_next(&rest, &entry) == OK) {
            struct entry e;
            CHECK(at < size);
            CHECK_OK(entry_parse(entry, &e));
            CHECK_INT(e.index, at);
            check_frame(dir, entry);
            leaves[at++] = naive_hash(0, entry.p, entry.n, "", 0);
        }
        CHECK_INT(rest.n, 0);
    }
    CHECK_INT(at, size);
}

static void check_checkpoint(const char *dir, uint64_t size, struct hash root)
{
    CLEANUP(buf_fini) struct buf b;
    AUTO(secret) seed = logs_seed();
    struct vkey key;
    struct note n;
    struct checkpoint c;
    struct ed25519_public public = note_public(secret_borrow(seed));
    secret_give_back(seed);
    CHECK_OK(vkey_make(bytes_str(LOGS_ORIGIN), VKEY_ED25519, public, &key));
    read_below(dir, "checkpoint", &b);
    CHECK_OK(note_open(buf_bytes(&b), &key, &n));
    CHECK_OK(checkpoint_parse(n.text, &c));
    CHECK_STR(c.origin, LOGS_ORIGIN);
    CHECK_INT(c.size, size);
    CHECK(hash_eq(c.root, root));
}

void logs_check_files(const char *dir, uint64_t size)
{
    struct hash *leaves = calloc(size + 1, sizeof *leaves);
    CHECK(leaves != NULL);
    leaves_of(dir, size, leaves);
    check_checkpoint(dir, size, naive_root(leaves, size));
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        struct tile t;
        for (uint64_t n = 0; tile_at(level, n, size, &t); n++) {
            char path[TILE_PATH];
            CLEANUP(buf_fini) struct buf b;
            read_below(dir, tile_path(t, path), &b);
            CHECK_INT(b.n, (size_t)t.width * 32);
            for (unsigned i = 0; i < t.width; i++) {
                struct hash want;
                CHECK_OK(naive_read(level * 8, n * 256 + i, &want, leaves));
                CHECK(memcmp(want.b, b.p + (size_t)i * 32, 32) == 0);
            }
        }
    }
    free(leaves);
}

void logs_clone(const char *from, const char *to)
{
    pid_t child = fork();
    if (child == 0) {
        execlp("cp", "cp", "-a", from, to, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}
