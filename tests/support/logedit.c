/* logedit.c - forging logs. */
#include "support/logedit.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/tlog/bundle.h"
#include "core/tlog/checkpoint.h"
#include "core/tlog/tile.h"
#include "core/wire/body.h"
#include "core/wire/frame.h"
#include "support/check.h"
#include "support/naive_tree.h"
#include "support/worked_example.h"

#include <stdio.h>
#include <sys/wait.h>

static void run(const char *const *argv)
{
    pid_t child = fork();
    if (child == 0) {
        (void)execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void read_bundle(struct logedit *l, struct tile t)
{
    char path[512];
    char name[TILE_PATH];
    CLEANUP(buf_fini) struct buf b;
    struct bytes entry;
    (void)snprintf(path, sizeof path, "%s/%s", l->dir, tile_path(t, name));
    slurp(path, &b);
    struct bytes rest = buf_bytes(&b);
    while (bundle_next(&rest, &entry) == OK) {
        CHECK(l->n < LOGEDIT_MAX);
        buf_init(&l->entry[l->n], ENTRY_MAX);
        CHECK_OK(buf_put(&l->entry[l->n++], entry));
    }
}

void logedit_load(struct logedit *l, const char *from, const char *dir)
{
    CLEANUP(buf_fini) struct buf b;
    char path[512];
    struct note n;
    struct checkpoint c;
    struct tile t;
    memset(l, 0, sizeof *l);
    (void)snprintf(l->dir, sizeof l->dir, "%s", dir);
    run((const char *const[]){"cp", "-a", from, dir, NULL});
    (void)snprintf(path, sizeof path, "%s/checkpoint", dir);
    slurp(path, &b);
    CHECK_OK(note_parse(buf_bytes(&b), &n));
    CHECK_OK(checkpoint_parse(n.text, &c));
    for (uint64_t i = 0; tile_at(TILE_ENTRIES, i, c.size, &t); i++)
        read_bundle(l, t);
    CHECK_INT(l->n, c.size);
}

void logedit_fini(struct logedit *l)
{
    for (size_t i = 0; i < l->n; i++)
        buf_fini(&l->entry[i]);
    l->n = 0;
}

bool logedit_entry(const struct logedit *l, size_t i, struct entry *e, struct msgnote *m)
{
    struct note n;
    CHECK_OK(entry_parse(buf_bytes(&l->entry[i]), e));
    return e->note.n > 0 && note_parse(e->note, &n) == OK && msgnote_parse(n.text, m) == OK;
}

size_t logedit_find(const struct logedit *l, enum entry_kind kind, size_t nth)
{
    for (size_t i = 0; i < l->n; i++) {
        struct entry e;
        struct msgnote m;
        if (logedit_entry(l, i, &e, &m) && e.kind == kind &&
            !bytes_eq(m.type, bytes_str("hello")) && !bytes_eq(m.type, bytes_str("control")) &&
            nth-- == 0)
            return i;
    }
    CHECK(false);
    return 0;
}

void logedit_remove(struct logedit *l, size_t at, size_t count)
{
    CHECK(at + count <= l->n);
    for (size_t i = at; i < at + count; i++)
        buf_fini(&l->entry[i]);
    memmove(&l->entry[at], &l->entry[at + count], (l->n - at - count) * sizeof l->entry[0]);
    l->n -= count;
}

void logedit_swap(struct logedit *l, size_t a, size_t b)
{
    struct buf was = l->entry[a];
    l->entry[a] = l->entry[b];
    l->entry[b] = was;
}

static void set(struct logedit *l, size_t i, const struct entry *e)
{
    struct buf b = BUF_INIT(ENTRY_MAX);
    CHECK_OK(entry_put(e, &b)); /* e may borrow from what it replaces */
    buf_fini(&l->entry[i]);
    l->entry[i] = b;
}

static void frame_path(const struct logedit *l, struct hash h, char out[512])
{
    struct hash_text s = hash_hex(h);
    (void)snprintf(out, 512, "%s/frame/%.2s/%s", l->dir, s.s, s.s);
}

/* Signs m over `body` and puts both in the entry's place. */
static void put_message(struct logedit *l, size_t i, struct entry e, struct msgnote m,
                        struct bytes body, const struct logedit_key *by)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(FRAME_MAX);
    char path[512];
    m.body_size = body.n;
    m.body = sha256_of(body);
    CHECK_OK(msgnote_put(&m, &text));
    CHECK_OK(note_make(buf_bytes(&text), &by->key, by->seed, &note));
    struct frame f = {buf_bytes(&note), body};
    CHECK_OK(frame_put(&f, &frame));
    frame_path(l, e.frame, path);
    (void)unlink(path);
    e.note = buf_bytes(&note);
    e.frame = sha256_of(buf_bytes(&frame));
    e.frame_size = frame.n;
    frame_path(l, e.frame, path);
    example_put(l->dir, path + strlen(l->dir) + 1, buf_bytes(&frame));
    set(l, i, &e);
}

void logedit_resay(struct logedit *l, size_t i, const struct logedit_key *by)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(4096);
    struct entry e;
    struct msgnote m;
    struct body b = {.kind = BODY_STATUS, .status = {.software = 4711, .disk = bytes_str("full")}};
    CHECK(logedit_entry(l, i, &e, &m));
    CHECK_OK(body_put(&b, &body));
    m.type = bytes_str("status");
    put_message(l, i, e, m, buf_bytes(&body), by);
}

static void resign(struct logedit *l, size_t i, struct entry e, struct msgnote m,
                   const struct logedit_key *by)
{
    CLEANUP(buf_fini) struct buf bytes;
    CLEANUP(arena_fini) struct arena a;
    char path[512];
    struct frame f;
    frame_path(l, e.frame, path);
    slurp(path, &bytes);
    arena_init(&a, 64 << 20);
    CHECK_OK(frame_read(buf_bytes(&bytes), &a, &f));
    put_message(l, i, e, m, f.body, by);
}

void logedit_mend(struct logedit *l, const struct logedit_key *by)
{
    uint64_t out = 0;
    uint64_t in = 0;
    uint64_t last_ms = 0;
    struct hash prev = {{0}};
    for (size_t i = 0; i < l->n; i++) {
        struct entry e;
        struct msgnote m;
        struct note n;
        bool said = logedit_entry(l, i, &e, &m) && !bytes_eq(m.type, bytes_str("hello"));
        e.index = i;
        e.time_ms = e.time_ms < last_ms ? last_ms : e.time_ms;
        last_ms = e.time_ms;
        set(l, i, &e);
        in += said && e.kind == ENTRY_IN ? 1 : 0;
        if (!said || e.kind != ENTRY_OUT || by == NULL)
            continue;
        CHECK(logedit_entry(l, i, &e, &m));
        m.seq = out++;
        m.prev = prev;
        m.seen = in;
        resign(l, i, e, m, by);
        CHECK(logedit_entry(l, i, &e, &m));
        CHECK_OK(note_parse(e.note, &n));
        prev = sha256_of(n.text);
    }
}

void logedit_repeat(struct logedit *l, enum entry_kind kind, const struct logedit_key *by)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(4096);
    struct body b = {.kind = BODY_STATUS, .status = {.software = 7, .disk = bytes_str("ok")}};
    struct entry e;
    struct entry last = {0};
    struct msgnote m;
    struct msgnote newest = {.seq = 0};
    struct note n;
    uint64_t seen = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (!logedit_entry(l, i, &e, &m) || bytes_eq(m.type, bytes_str("hello")))
            continue;
        seen += e.kind != kind ? 1 : 0;
        if (e.kind == kind) {
            last = e;
            newest = m;
        }
    }
    CHECK(l->n < LOGEDIT_MAX && note_parse(last.note, &n) == OK);
    CHECK_OK(body_put(&b, &body));
    newest.prev = sha256_of(n.text);
    newest.seq++;
    newest.seen = seen;
    newest.type = bytes_str("status");
    last.index = l->n;
    last.frame = (struct hash){{0}}; /* the one that it is modelled on stays */
    buf_init(&l->entry[l->n++], ENTRY_MAX);
    put_message(l, l->n - 1, last, newest, buf_bytes(&body), by);
}

void logedit_shift(struct logedit *l, int64_t ms)
{
    for (size_t i = 0; i < l->n; i++) {
        struct entry e;
        CHECK_OK(entry_parse(buf_bytes(&l->entry[i]), &e));
        e.time_ms = (uint64_t)((int64_t)e.time_ms + ms);
        set(l, i, &e);
    }
}

static void save_tile(const struct logedit *l, const struct hash *leaves, struct tile t)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(BUNDLE_MAX);
    char name[TILE_PATH];
    for (unsigned i = 0; i < t.width; i++) {
        uint64_t at = t.n * TILE_WIDTH + i;
        struct hash h;
        if (t.level == TILE_ENTRIES) {
            CHECK_OK(bundle_put(&b, buf_bytes(&l->entry[at])));
            continue;
        }
        CHECK_OK(naive_read(t.level * TILE_HEIGHT, at, &h, (void *)(uintptr_t)leaves));
        CHECK_OK(buf_put(&b, hash_bytes(&h)));
    }
    example_put(l->dir, tile_path(t, name), buf_bytes(&b));
}

void logedit_save(const struct logedit *l, const struct logedit_key *log)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1024);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(1024);
    char path[512];
    struct tile t;
    AUTO_MEM struct hash *leaves = calloc(l->n + 1, sizeof *leaves);
    CHECK(leaves != NULL);
    for (size_t i = 0; i < l->n; i++)
        leaves[i] = naive_hash(0, l->entry[i].p, l->entry[i].n, "", 0);
    (void)snprintf(path, sizeof path, "%s/tile", l->dir);
    run((const char *const[]){"rm", "-rf", path, NULL});
    (void)snprintf(path, sizeof path, "%s/cp", l->dir);
    run((const char *const[]){"rm", "-rf", path, NULL});
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        for (uint64_t n = 0; tile_at(level, n, l->n, &t); n++)
            save_tile(l, leaves, t);
    }
    for (uint64_t n = 0; tile_at(TILE_ENTRIES, n, l->n, &t); n++)
        save_tile(l, leaves, t);
    struct checkpoint c = {.size = l->n, .root = naive_root(leaves, l->n)};
    memcpy(c.origin, log->key.name, sizeof c.origin);
    CHECK_OK(checkpoint_put(&c, &text));
    CHECK_OK(note_make(buf_bytes(&text), &log->key, log->seed, &note));
    example_put(l->dir, "checkpoint", buf_bytes(&note));
}
