/* audit.c - verify of an exchange log, against bare SHA-256 and Ed25519 over the same bytes held in memory.
 *   bench_audit DIR N   prints {"ours_s":..., "bare_s":..., "rss_mb":...}; each part is a process of its own */
#include "base/clock.h"
#include "base/rng.h"
#include "base/sha256.h"
#include "base/text.h"
#include "core/identity/note.h"
#include "core/wire/body.h"
#include "core/wire/frame.h"
#include "core/wire/msgnote.h"
#include "host/logstore.h"
#include "io/files.h"
#include "verify.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { SIDES = 2, SYNC_EVERY = 512, PUBLISH_EVERY = 8192, START = 1764000000 };
static const char *const origins[SIDES] = {"bench.example/site", "bench.example/coord/site"};

struct side {
    uint8_t seed[NOTE_SEED];
    struct vkey log, msg;
    uint64_t seq;
    struct hash prev;
};

static enum err sides_init(struct side s[SIDES])
{
    enum err e = OK;
    memset(s, 0, SIDES * sizeof *s);
    for (unsigned i = 0; !e && i < SIDES; i++) {
        CLEANUP(buf_fini) struct buf name = BUF_INIT(200);
        memset(s[i].seed, (int)i + 1, sizeof s[i].seed);
        struct ed25519_public key = note_public(s[i].seed);
        e = vkey_make(bytes_str(origins[i]), VKEY_ED25519, key, &s[i].log);
        if (!e)
            e = buf_printf(&name, "%s/msg", origins[i]);
        if (!e)
            e = vkey_make(buf_bytes(&name), VKEY_ED25519, key, &s[i].msg);
    }
    return e;
}

/* The next message of side `who`, signed and framed. */
static enum err say(struct side s[SIDES], unsigned who, struct buf *note, struct buf *frame)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    struct side *own = &s[who];
    struct body b = {.kind = BODY_STATUS,
                     .status = {.software = own->seq, .disk = bytes_str("ok")}};
    enum err e = body_put(&b, &body);
    struct msgnote m = {.from = bytes_str(origins[who]),
                        .to = bytes_str(origins[1 - who]),
                        .seq = own->seq++,
                        .prev = own->prev,
                        .seen = s[1 - who].seq,
                        .type = bytes_str("status"),
                        .body_size = body.n,
                        .body = sha256_of(buf_bytes(&body))};
    if (!e)
        e = msgnote_put(&m, &text);
    if (!e)
        e = note_make(buf_bytes(&text), &own->msg, own->seed, note);
    own->prev = sha256_of(buf_bytes(&text));
    struct frame f = {buf_bytes(note), buf_bytes(&body)};
    return e ? e : frame_put(&f, frame);
}

static enum err put_file(int dir, const char *name, const char *before, const struct side s[SIDES],
                         bool logs)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(4096);
    for (unsigned i = 0; i < SIDES; i++) {
        (void)buf_puts(&b, before);
        (void)vkey_put(logs ? &s[i].log : &s[i].msg, &b);
        (void)buf_putc(&b, '\n');
    }
    if (logs)
        (void)buf_puts(&b, "quorum none\n");
    return buf_err(&b) ? buf_err(&b) : file_replace(dir, name, buf_bytes(&b), 0644);
}

static enum err write_log(int dir, uint64_t n)
{
    struct diag d = {0};
    struct side s[SIDES];
    AUTO(secret) seed = NULL;
    AUTO(logstore) log = NULL;
    enum err e = sides_init(s);
    if (!e)
        e = put_file(dir, "policy", "log ", s, true);
    if (!e)
        e = put_file(dir, "keys", "", s, false);
    if (!e)
        e = secret_copy(bytes_of(s[0].seed, sizeof s[0].seed), &seed);
    if (!e)
        e = logstore_create(dir, "log", origins[0], seed, &log, &d);
    for (uint64_t i = 0; !e && i < n; i++) {
        CLEANUP(buf_fini) struct buf note = BUF_INIT(8192);
        CLEANUP(buf_fini) struct buf frame = BUF_INIT(16384);
        uint64_t index = 0;
        e = say(s, (unsigned)(i % 2), &note, &frame);
        if (!e)
            e = logstore_append(log, i % 2 == 0 ? ENTRY_OUT : ENTRY_IN, START * 1000ULL + i,
                                buf_bytes(&frame), buf_bytes(&note), &index);
        if (!e && (i % SYNC_EVERY == SYNC_EVERY - 1 || i + 1 == n))
            e = logstore_sync(log);
        if (!e && i % PUBLISH_EVERY == PUBLISH_EVERY - 1) /* what is not published is bounded */
            e = logstore_publish(log, START * 1000ULL + i);
    }
    return e ? e : logstore_publish(log, START * 1000ULL + n);
}

static enum err verify_log(const char *dir, double *seconds)
{
    char paths[3][600];
    static const char *const names[] = {"log", "policy", "keys"};
    for (int i = 0; i < 3; i++)
        (void)snprintf(paths[i], sizeof paths[i], "%s/%s", dir, names[i]);
    struct verify_options o = {.log = paths[0], .policy = paths[1], .keys = paths[2]};
    uint64_t begun = clock_mono_ms();
    enum exit_status status = verify(&o, stderr, stderr);
    *seconds = (double)(clock_mono_ms() - begun) / 1000;
    return status == EXIT_VALID ? OK : ERR_CORRUPT;
}

/* A leaf and a frame hashed, a body hashed, one signature verified: of messages like those of the log, made anew. */
static enum err bare(uint64_t n, double *seconds)
{
    struct side s[SIDES];
    uint64_t ns = 0;
    unsigned sum = 0;
    enum err e = sides_init(s);
    for (uint64_t i = 0; !e && i < n; i++) {
        CLEANUP(buf_fini) struct buf note = BUF_INIT(8192);
        CLEANUP(buf_fini) struct buf frame = BUF_INIT(16384);
        uint8_t sig[crypto_sign_BYTES];
        const struct side *by = &s[i % 2];
        e = say(s, (unsigned)(i % 2), &note, &frame);
        struct bytes text = buf_bytes(&note);
        uint8_t secret[crypto_sign_SECRETKEYBYTES];
        uint8_t public[crypto_sign_PUBLICKEYBYTES];
        (void)crypto_sign_seed_keypair(public, secret, by->seed);
        (void)crypto_sign_detached(sig, NULL, text.p, text.n, secret);
        struct timespec a;
        struct timespec b;
        (void)clock_gettime(CLOCK_MONOTONIC, &a);
        sum += sha256_of(buf_bytes(&frame)).b[0];
        sum += sha256_of(text).b[0];
        sum += crypto_sign_verify_detached(sig, text.p, text.n, public) == 0 ? 1 : 0;
        (void)clock_gettime(CLOCK_MONOTONIC, &b);
        ns += (uint64_t)((b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec);
    }
    *seconds = (double)ns / 1e9;
    return e ? e : sum > 0 ? OK : ERR_INTERNAL;
}

struct part {
    const char *dir;
    int fd;
    uint64_t n;
};

static enum err on_write(const struct part *p, double *seconds)
{
    *seconds = 0;
    return write_log(p->fd, p->n);
}

static enum err on_verify(const struct part *p, double *seconds)
{
    return verify_log(p->dir, seconds);
}

static enum err on_bare(const struct part *p, double *seconds)
{
    return bare(p->n, seconds);
}

static bool apart(enum err (*run)(const struct part *p, double *seconds), const struct part *p,
                  double *seconds, double *rss_mb)
{
    int fds[2];
    struct rusage use;
    int status = -1;
    if (pipe2(fds, O_CLOEXEC) != 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        double s = 0;
        enum err e = run(p, &s);
        _exit(e == OK && write(fds[1], &s, sizeof s) == sizeof s ? 0 : 1);
    }
    (void)close(fds[1]);
    bool got = read(fds[0], seconds, sizeof *seconds) == sizeof *seconds;
    (void)close(fds[0]);
    got = wait4(child, &status, 0, &use) == child && status == 0 && got;
    *rss_mb = (double)use.ru_maxrss / 1024;
    return got;
}

int main(int argc, char **argv)
{
    struct part p = {.fd = -1};
    double ours = 0;
    double raw = 0;
    double rss = 0;
    double other = 0;
    rng_start();
    if (argc != 3 || parse_u64_str(argv[2], 10000000, &p.n) || p.n == 0)
        return 64;
    p.dir = argv[1];
    if (dir_open(AT_FDCWD, argv[1], &p.fd) != OK || !apart(on_write, &p, &raw, &other) ||
        !apart(on_bare, &p, &raw, &other) || !apart(on_verify, &p, &ours, &rss)) {
        (void)fprintf(stderr, "bench_audit: a part failed\n");
        return 1;
    }
    (void)printf("{\"entries\":%llu,\"ours_s\":%.2f,\"bare_s\":%.2f,\"rss_mb\":%.0f}\n",
                 (unsigned long long)p.n, ours, raw, rss);
    return 0;
}
