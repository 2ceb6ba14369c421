/* worked_example.c - log-and-security.md 2.6. */
#include "support/worked_example.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/tlog/bundle.h"
#include "core/tlog/checkpoint.h"
#include "core/tlog/entry.h"
#include "core/wire/frame.h"
#include "core/wire/msgnote.h"
#include "support/check.h"

#include <stdio.h>
#include <sys/stat.h>

static const char site[] = "fed.example/ward7/site-a";
static const char coord[] = "fed.example/ward7/coordinator/site-a";
static const uint8_t session[MSGNOTE_SESSION] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                                 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
static const uint64_t start_ms = 1764000000000;

struct example_seed example_seed(uint8_t k)
{
    struct example_seed s;
    memset(s.b, k, sizeof s.b);
    return s;
}

struct vkey example_key(uint8_t k, const char *name, enum vkey_type type)
{
    struct vkey key;
    CHECK_OK(vkey_make(bytes_str(name), type, note_public(example_seed(k).b), &key));
    return key;
}

static struct buf big(void)
{
    return (struct buf)BUF_INIT(1 << 20);
}

/* Signs the message and packs its frame. */
static void message(struct msgnote m, struct bytes body, uint8_t seed, const struct vkey *key,
                    struct buf *note, struct buf *frame)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    memcpy(m.session, session, sizeof session);
    m.body_size = body.n;
    m.body = sha256_of(body);
    CHECK_OK(msgnote_put(&m, &text));
    CHECK_OK(note_make(buf_bytes(&text), key, example_seed(seed).b, note));
    struct frame f = {buf_bytes(note), body};
    CHECK_OK(frame_put(&f, frame));
}

static void entry(uint64_t index, uint64_t time_ms, enum entry_kind kind, const struct buf *frame,
                  const struct buf *note, struct buf *out)
{
    struct entry e = {.index = index,
                      .time_ms = time_ms,
                      .kind = kind,
                      .frame_size = frame->n,
                      .frame = sha256_of(buf_bytes(frame)),
                      .note = buf_bytes(note)};
    CHECK_OK(entry_put(&e, out));
}

static void checkpoint(const char *origin, uint64_t size, struct hash root, struct buf *out)
{
    struct checkpoint c = {.size = size, .root = root};
    memcpy(c.origin, origin, strlen(origin));
    CHECK_OK(checkpoint_put(&c, out));
}

/* The coordinator's log holds the first message alone; its tlog-proof is the body of its answer. */
static void coordinator(struct example *x)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    entry(0, start_ms + 3, ENTRY_IN, &x->frame[0], &x->note[0], &x->coord_entry);
    checkpoint(coord, 1, tree_leaf_hash(buf_bytes(&x->coord_entry)), &text);
    CHECK_OK(
        note_make(buf_bytes(&text), &x->coord_log_key, example_seed(3).b, &x->coord_checkpoint));
    CHECK_OK(buf_puts(&x->body[1], "c2sp.org/tlog-proof@v1\nextra "));
    CHECK_OK(base64_put(&x->body[1], buf_bytes(&x->coord_entry)));
    CHECK_OK(buf_puts(&x->body[1], "\nindex 0\n\n"));
    CHECK_OK(buf_put(&x->body[1], buf_bytes(&x->coord_checkpoint)));
}

static void site_log(struct example *x)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    struct tree t;
    entry(0, start_ms, ENTRY_OUT, &x->frame[0], &x->note[0], &x->entry[0]);
    entry(1, start_ms + 13, ENTRY_IN, &x->frame[1], &x->note[1], &x->entry[1]);
    tree_init(&t);
    for (size_t i = 0; i < EXAMPLE_ENTRIES; i++)
        tree_append(&t, tree_leaf_hash(buf_bytes(&x->entry[i])));
    x->root = tree_root(&t);
    checkpoint(site, 2, x->root, &text);
    CHECK_OK(note_make(buf_bytes(&text), &x->log_key, example_seed(1).b, &x->checkpoint));
    CHECK_OK(note_cosign(buf_bytes(&text), &x->witness_key, example_seed(5).b, 1764000060,
                         &x->checkpoint));
}

void example_init(struct example *x)
{
    static const uint8_t body[] = {0x08, 0x96, 0x01};
    memset(x, 0, sizeof *x);
    x->log_key = example_key(1, site, VKEY_ED25519);
    x->msg_key = example_key(2, "fed.example/ward7/site-a/msg", VKEY_ED25519);
    x->coord_log_key = example_key(3, coord, VKEY_ED25519);
    x->coord_msg_key = example_key(4, "fed.example/ward7/coordinator/site-a/msg", VKEY_ED25519);
    x->witness_key = example_key(5, "fed.example/ward7/coordinator/witness", VKEY_COSIGNATURE);
    for (size_t i = 0; i < EXAMPLE_ENTRIES; i++) {
        x->note[i] = big();
        x->body[i] = big();
        x->frame[i] = big();
        x->entry[i] = big();
    }
    x->checkpoint = big();
    x->coord_entry = big();
    x->coord_checkpoint = big();
    CHECK_OK(buf_put(&x->body[0], bytes_of(body, sizeof body)));
    struct msgnote out = {
        .from = bytes_str(site), .to = bytes_str(coord), .type = bytes_str("label-stats")};
    message(out, buf_bytes(&x->body[0]), 2, &x->msg_key, &x->note[0], &x->frame[0]);
    coordinator(x);
    struct msgnote in = {
        .from = bytes_str(coord), .to = bytes_str(site), .seen = 1, .type = bytes_str("receipt")};
    message(in, buf_bytes(&x->body[1]), 4, &x->coord_msg_key, &x->note[1], &x->frame[1]);
    site_log(x);
}

void example_fini(struct example *x)
{
    for (size_t i = 0; i < EXAMPLE_ENTRIES; i++) {
        buf_fini(&x->note[i]);
        buf_fini(&x->body[i]);
        buf_fini(&x->frame[i]);
        buf_fini(&x->entry[i]);
    }
    buf_fini(&x->checkpoint);
    buf_fini(&x->coord_entry);
    buf_fini(&x->coord_checkpoint);
}

void example_put(const char *dir, const char *name, struct bytes data)
{
    char path[512];
    int n = snprintf(path, sizeof path, "%s/%s", dir, name);
    CHECK(n > 0 && (size_t)n < sizeof path);
    for (char *p = path + strlen(dir) + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        (void)mkdir(path, 0755);
        *p = '/';
    }
    FILE *f = fopen(path, "we");
    CHECK(f != NULL);
    CHECK_INT(fwrite(data.n == 0 ? (const uint8_t *)"" : data.p, 1, data.n, f), data.n);
    CHECK_INT(fclose(f), 0);
}

static void put_frame(const char *dir, const struct buf *frame)
{
    char name[128];
    struct hash_text h = hash_hex(sha256_of(buf_bytes(frame)));
    (void)snprintf(name, sizeof name, "frame/%.2s/%s", h.s, h.s);
    example_put(dir, name, buf_bytes(frame));
}

void example_write_site(const struct example *x, const char *dir)
{
    CLEANUP(buf_fini) struct buf bundle = BUF_INIT(BUNDLE_MAX);
    CLEANUP(buf_fini) struct buf tile = BUF_INIT(64);
    for (size_t i = 0; i < EXAMPLE_ENTRIES; i++) {
        struct hash leaf = tree_leaf_hash(buf_bytes(&x->entry[i]));
        CHECK_OK(bundle_put(&bundle, buf_bytes(&x->entry[i])));
        CHECK_OK(buf_put(&tile, hash_bytes(&leaf)));
        put_frame(dir, &x->frame[i]);
    }
    example_put(dir, "tile/entries/000.p/2", buf_bytes(&bundle));
    example_put(dir, "tile/0/000.p/2", buf_bytes(&tile));
    example_put(dir, "checkpoint", buf_bytes(&x->checkpoint));
}

void example_write_coordinator(const struct example *x, const char *dir)
{
    CLEANUP(buf_fini) struct buf bundle = BUF_INIT(BUNDLE_MAX);
    struct hash leaf = tree_leaf_hash(buf_bytes(&x->coord_entry));
    CHECK_OK(bundle_put(&bundle, buf_bytes(&x->coord_entry)));
    put_frame(dir, &x->frame[0]);
    example_put(dir, "tile/entries/000.p/1", buf_bytes(&bundle));
    example_put(dir, "tile/0/000.p/1", hash_bytes(&leaf));
    example_put(dir, "checkpoint", buf_bytes(&x->coord_checkpoint));
}

static void put_file(const char *path, const struct buf *text)
{
    const char *slash = strrchr(path, '/');
    char dir[512];
    (void)snprintf(dir, sizeof dir, "%.*s", (int)(slash - path), path);
    example_put(dir, slash + 1, buf_bytes(text));
}

void example_write_policy(const struct example *x, const char *path)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(4096);
    CHECK_OK(buf_puts(&b, "# the worked example\nlog "));
    CHECK_OK(vkey_put(&x->log_key, &b));
    CHECK_OK(buf_puts(&b, "\nlog "));
    CHECK_OK(vkey_put(&x->coord_log_key, &b));
    CHECK_OK(buf_puts(&b, "\n\nwitness coordinator "));
    CHECK_OK(vkey_put(&x->witness_key, &b));
    CHECK_OK(buf_puts(&b, "\nquorum coordinator\n"));
    put_file(path, &b);
}

void example_write_keys(const struct example *x, const char *path)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(4096);
    CHECK_OK(vkey_put(&x->msg_key, &b));
    CHECK_OK(buf_puts(&b, "\n# the other side\n"));
    CHECK_OK(vkey_put(&x->coord_msg_key, &b));
    CHECK_OK(buf_puts(&b, "\n"));
    put_file(path, &b);
}
