/* host/linkdrv over logs on files: what two daemons would leave on disk, judged by the auditor's own program. */
#include "host/linkdrv.h"

#include "core/identity/note.h"
#include "host/logstore.h"
#include "io/files.h"
#include "support/check.h"
#include "verify.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { QUEUE = 64, NODE = 0, COORD = 1 };
#define NODE_ORIGIN "fed.example/site-a"
#define COORD_ORIGIN "fed.example/coord/site-a"

struct end {
    struct secret *log_seed, *msg_seed, *witness_seed;
    struct logstore *log;
    struct linkdrv *drv;
    struct linkdrv_config config;
    char name[32];
    struct buf out[QUEUE];
    size_t n_out;
    uint64_t applied, applied_index;
    bool closed, blocked;
};

static struct end ends[2];
static int dir;
static uint64_t now_ms;
static unsigned run; /* folders of one case are not those of the next */

static struct secret *seed_of(uint8_t k)
{
    uint8_t b[NOTE_SEED];
    struct secret *s = NULL;
    memset(b, k, sizeof b);
    CHECK_OK(secret_copy(bytes_of(b, sizeof b), &s));
    return s;
}

static struct vkey key_of(struct secret *seed, const char *origin, const char *tail,
                          enum vkey_type type)
{
    char name[128];
    struct vkey k;
    (void)snprintf(name, sizeof name, "%s%s", origin, tail);
    CHECK_OK(vkey_make(bytes_str(name), type, note_public(secret_borrow(seed)), &k));
    secret_give_back(seed);
    return k;
}

static struct link_keys keys_of(const struct end *e, const char *origin)
{
    return (struct link_keys){key_of(e->log_seed, origin, "", VKEY_ED25519),
                              key_of(e->msg_seed, origin, "/msg", VKEY_ED25519),
                              key_of(e->witness_seed, origin, "/witness", VKEY_COSIGNATURE)};
}

static enum err on_send(void *ctx, struct bytes frame)
{
    struct end *e = ctx;
    if (e->blocked || e->n_out == QUEUE)
        return ERR_AGAIN;
    buf_init(&e->out[e->n_out], 4 << 20);
    CHECK_OK(buf_put(&e->out[e->n_out++], frame));
    return OK;
}

static void on_close(void *ctx, enum link_fault fault, bool for_good)
{
    struct end *e = ctx;
    CHECK(fault != LINK_FINE && !for_good);
    e->closed = true;
}

static enum err on_apply(void *ctx, uint64_t index, const struct body *b)
{
    struct end *e = ctx;
    CHECK(b->kind == BODY_STATUS || b->kind == BODY_DOCUMENT || b->kind == BODY_BLOB_CHUNK);
    e->applied++;
    e->applied_index = index + 1;
    return OK;
}

static void start(struct end *e)
{
    struct diag d = {0};
    e->config.applied_index = e->applied_index;
    CHECK_OK(linkdrv_new(e->log, &e->config, &e->drv, &d));
}

static void open_log(struct end *e)
{
    struct diag d = {0};
    CHECK_OK(logstore_open_unsigned(dir, e->name, e->config.link.own.log.name, e->log_seed, &e->log,
                                    &d));
}

static int begin(void **state)
{
    struct diag d = {0};
    (void)state;
    now_ms = 1764000000000;
    run++;
    memset(ends, 0, sizeof ends);
    CHECK_OK(dir_open(AT_FDCWD, scratch_dir(), &dir));
    for (int i = 0; i < 2; i++) {
        struct end *e = &ends[i];
        e->log_seed = seed_of((uint8_t)(1 + 10 * i));
        e->msg_seed = seed_of((uint8_t)(2 + 10 * i));
        e->witness_seed = seed_of((uint8_t)(3 + 10 * i));
        e->config.calls = (struct linkdrv_calls){on_send, on_close, on_apply, e};
        (void)snprintf(e->name, sizeof e->name, "log%d-%u", i, run);
    }
    struct link_keys node = keys_of(&ends[NODE], NODE_ORIGIN);
    struct link_keys coord = keys_of(&ends[COORD], COORD_ORIGIN);
    ends[NODE].config.link =
        (struct link_config){LINK_NODE, node, coord, ends[NODE].msg_seed, ends[NODE].witness_seed};
    ends[COORD].config.link = (struct link_config){LINK_COORDINATOR, coord, node,
                                                   ends[COORD].msg_seed, ends[COORD].witness_seed};
    for (int i = 0; i < 2; i++) {
        struct end *e = &ends[i];
        CHECK_OK(
            logstore_create(dir, e->name, e->config.link.own.log.name, e->log_seed, &e->log, &d));
        start(e);
    }
    return 0;
}

static void forget_wire(struct end *e)
{
    while (e->n_out > 0)
        buf_fini(&e->out[--e->n_out]);
}

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct end *e = &ends[i];
        forget_wire(e);
        linkdrv_free(e->drv);
        logstore_free(e->log);
        secret_free(e->log_seed);
        secret_free(e->msg_seed);
        secret_free(e->witness_seed);
    }
    (void)close(dir);
    return 0;
}

static void connect_both(void)
{
    for (int i = 0; i < 2; i++) {
        forget_wire(&ends[i]);
        ends[i].closed = false;
        linkdrv_disconnected(ends[i].drv);
    }
    for (int i = 0; i < 2; i++) {
        linkdrv_connected(ends[i].drv, now_ms);
        CHECK_OK(linkdrv_turn(ends[i].drv, now_ms));
    }
}

/* Everything on the wire arrives, time passes. */
static void move(unsigned rounds)
{
    for (unsigned r = 0; r < rounds; r++) {
        for (int i = 0; i < 2; i++) {
            struct end *from = &ends[1 - i];
            for (size_t k = 0; k < from->n_out; k++)
                linkdrv_frame(ends[i].drv, buf_bytes(&from->out[k]), now_ms);
            forget_wire(from);
            CHECK_OK(linkdrv_turn(ends[i].drv, now_ms));
        }
        now_ms += 60;
    }
}

static bool say(int who, unsigned n)
{
    struct body b = {.kind = BODY_STATUS, .status = {.software = n, .disk = bytes_str("ok")}};
    if (who == COORD)
        b = (struct body){.kind = BODY_DOCUMENT,
                          .document = {bytes_str("roster"), bytes_str("note\n")}};
    enum err e = linkdrv_send(ends[who].drv, &b, now_ms);
    return e == OK;
}

static void settle(void)
{
    linkdrv_settle(ends[NODE].drv, true);
    linkdrv_settle(ends[COORD].drv, true);
    for (int i = 0; i < 40; i++) {
        move(2);
        if (linkdrv_wants_hello(ends[COORD].drv, now_ms))
            linkdrv_connected(ends[NODE].drv, now_ms);
    }
    CHECK(linkdrv_settled(ends[NODE].drv) && linkdrv_settled(ends[COORD].drv));
}

/* --- the auditor --- */

static void put_vkey(FILE *f, const char *before, const struct vkey *k)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(1024);
    CHECK_OK(vkey_put(k, &b));
    (void)fprintf(f, "%s%s\n", before, buf_cstr(&b));
}

static int audit(int who, char *said, size_t size)
{
    char policy[300];
    char keys[300];
    char copy[300];
    char name[32];
    struct checkpoint c;
    struct diag d = {0};
    const struct link_config *k = &ends[who].config.link;
    (void)snprintf(name, sizeof name, "copy%d-%u", who, run);
    CHECK_OK(logstore_copy(ends[who].log, now_ms, dir, name, &c, &d));
    (void)snprintf(copy, sizeof copy, "%s/%s", scratch_dir(), name);
    (void)snprintf(policy, sizeof policy, "%s/policy", scratch_dir());
    (void)snprintf(keys, sizeof keys, "%s/keys", scratch_dir());
    FILE *f = fopen(policy, "w");
    CHECK(f != NULL);
    put_vkey(f, "log ", &k->own.log);
    put_vkey(f, "log ", &k->peer.log);
    put_vkey(f, "witness w ", &k->peer.witness);
    (void)fprintf(f, "quorum w\n");
    (void)fclose(f);
    f = fopen(keys, "w");
    CHECK(f != NULL);
    put_vkey(f, "", &k->own.msg);
    put_vkey(f, "", &k->peer.msg);
    (void)fclose(f);
    char *out = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&out, &n);
    FILE *log = fopen("/dev/null", "w");
    struct verify_options o = {.log = copy, .policy = policy, .keys = keys};
    int code = (int)verify(&o, to, log);
    (void)fclose(to);
    (void)fclose(log);
    (void)snprintf(said, size, "%s", out);
    free(out);
    return code;
}

static void check_audit(void)
{
    char said[2000];
    for (int i = 0; i < 2; i++) {
        int code = audit(i, said, sizeof said);
        CHECK_STR(said, "");
        CHECK_INT(code, 0);
    }
}

static void both_logs_verify_after_a_settled_talk(void **state)
{
    (void)state;
    connect_both();
    move(6);
    for (unsigned i = 1; i <= 20; i++) {
        CHECK(say(NODE, i));
        CHECK(say(COORD, i));
        move(6);
    }
    settle();
    CHECK_INT(ends[COORD].applied, 20);
    CHECK_INT(ends[NODE].applied, 20);
    check_audit();
}

static void a_daemon_that_starts_anew_goes_on_where_it_was(void **state)
{
    (void)state;
    unsigned said = 0;
    connect_both();
    move(4);
    for (unsigned i = 0; i < 12; i++) {
        struct end *e = &ends[i % 2];
        said += say(NODE, i + 1) ? 1 : 0;
        move(i % 3);
        linkdrv_free(MOVE(e->drv));
        logstore_free(MOVE(e->log));
        open_log(e);
        start(e);
        connect_both();
        move(6);
    }
    settle();
    CHECK(said > 6);
    CHECK(ends[COORD].applied > 6 && ends[COORD].applied <= said);
    check_audit();
}

static void an_airlock_that_takes_no_more_is_asked_again(void **state)
{
    (void)state;
    connect_both();
    move(6);
    ends[NODE].blocked = true;
    CHECK(say(NODE, 1));
    move(4);
    CHECK_INT(ends[COORD].applied, 0);
    ends[NODE].blocked = false;
    linkdrv_room(ends[NODE].drv);
    move(4);
    CHECK_INT(ends[COORD].applied, 1);
    settle();
    check_audit();
}

static void a_megabyte_travels_in_one_message(void **state)
{
    (void)state;
    static uint8_t data[BODY_CHUNK_MAX];
    struct body b = {.kind = BODY_BLOB_CHUNK, .blob_chunk = {.data = bytes_of(data, sizeof data)}};
    memset(b.blob_chunk.digest.b, 7, sizeof b.blob_chunk.digest.b);
    connect_both();
    move(6);
    CHECK_OK(linkdrv_send(ends[COORD].drv, &b, now_ms));
    settle();
    CHECK_INT(ends[NODE].applied, 1);
    check_audit();
}

static void no_checkpoint_is_signed_before_the_first_hello(void **state)
{
    (void)state;
    CHECK_INT(logstore_checkpoint(ends[NODE].log).size, 0);
    linkdrv_connected(ends[NODE].drv, now_ms);
    for (int i = 0; i < 10; i++) {
        now_ms += 300;
        CHECK_OK(linkdrv_turn(ends[NODE].drv, now_ms));
    }
    CHECK(logstore_size(ends[NODE].log) > 0);
    CHECK_INT(logstore_checkpoint(ends[NODE].log).size, 0);
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        FRESH(both_logs_verify_after_a_settled_talk),
        FRESH(a_daemon_that_starts_anew_goes_on_where_it_was),
        FRESH(an_airlock_that_takes_no_more_is_asked_again),
        FRESH(a_megabyte_travels_in_one_message),
        FRESH(no_checkpoint_is_signed_before_the_first_hello),
    };
    return RUN(cases, argc, argv);
}
