/* linklogs.c - two drivers, one wire. */
#include "support/linklogs.h"

#include "core/identity/note.h"
#include "io/files.h"
#include "support/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

static struct link_keys keys_of(const struct linkend *e, const char *origin)
{
    return (struct link_keys){key_of(e->log_seed, origin, "", VKEY_ED25519),
                              key_of(e->msg_seed, origin, "/msg", VKEY_ED25519),
                              key_of(e->witness_seed, origin, "/witness", VKEY_COSIGNATURE)};
}

static enum err on_send(void *ctx, struct bytes frame)
{
    struct linkend *e = ctx;
    if (e->blocked || e->n_out == LINKLOGS_QUEUE)
        return ERR_AGAIN;
    buf_init(&e->out[e->n_out], 4 << 20);
    CHECK_OK(buf_put(&e->out[e->n_out++], frame));
    return OK;
}

static void on_close(void *ctx, enum link_fault fault, bool for_good)
{
    struct linkend *e = ctx;
    CHECK(fault != LINK_FINE && !for_good);
    e->closed = true;
}

static enum err on_apply(void *ctx, uint64_t index, const struct body *b)
{
    struct linkend *e = ctx;
    if (e->full)
        return ERR_FULL;
    CHECK(b->kind == BODY_STATUS || b->kind == BODY_DOCUMENT || b->kind == BODY_BLOB_CHUNK);
    e->applied++;
    e->applied_index = index + 1;
    return OK;
}

static void start(struct linkend *e)
{
    struct diag d = {0};
    e->config.applied_index = e->applied_index;
    CHECK_OK(linkdrv_new(e->log, &e->config, &e->drv, &d));
}

/* This side's clock. */
static uint64_t now(const struct linklogs *w, int who)
{
    return w->now_ms + w->ends[who].ahead_ms;
}

void linklogs_begin(struct linklogs *w)
{
    linklogs_begin_as(w, NODE_ORIGIN, COORD_ORIGIN, COORD_ORIGIN, 1);
}

void linklogs_begin_as(struct linklogs *w, const char *node_name, const char *coord_name,
                       const char *witness, uint8_t seed)
{
    struct diag d = {0};
    unsigned run = w->run + 1;
    memset(w, 0, sizeof *w);
    w->now_ms = 1764000000000;
    w->run = run;
    CHECK_OK(dir_open(AT_FDCWD, scratch_dir(), &w->dir));
    for (int i = 0; i < 2; i++) {
        struct linkend *e = &w->ends[i];
        uint8_t first = i == NODE ? seed : 11;
        e->log_seed = seed_of(first);
        e->msg_seed = seed_of((uint8_t)(first + 1));
        e->witness_seed = seed_of((uint8_t)(first + 2));
        e->config.calls = (struct linkdrv_calls){on_send, on_close, on_apply, e};
        (void)snprintf(e->name, sizeof e->name, "log%d-%u", i, run);
    }
    struct linkend *n = &w->ends[NODE];
    struct linkend *c = &w->ends[COORD];
    struct link_keys node = keys_of(n, node_name);
    struct link_keys coord = keys_of(c, coord_name);
    coord.witness = key_of(c->witness_seed, witness, "/witness", VKEY_COSIGNATURE);
    n->config.link = (struct link_config){LINK_NODE, node, coord, n->msg_seed, n->witness_seed};
    c->config.link =
        (struct link_config){LINK_COORDINATOR, coord, node, c->msg_seed, c->witness_seed};
    for (int i = 0; i < 2; i++) {
        struct linkend *e = &w->ends[i];
        CHECK_OK(logstore_create(w->dir, e->name, e->config.link.own.log.name, e->log_seed, &e->log,
                                 &d));
        start(e);
    }
}

static void forget_wire(struct linkend *e)
{
    while (e->n_out > 0)
        buf_fini(&e->out[--e->n_out]);
}

void linklogs_end(struct linklogs *w)
{
    for (int i = 0; i < 2; i++) {
        struct linkend *e = &w->ends[i];
        forget_wire(e);
        linkdrv_free(e->drv);
        logstore_free(e->log);
        secret_free(e->log_seed);
        secret_free(e->msg_seed);
        secret_free(e->witness_seed);
    }
    (void)close(w->dir);
}

void linklogs_connect(struct linklogs *w)
{
    for (int i = 0; i < 2; i++) {
        forget_wire(&w->ends[i]);
        w->ends[i].closed = false;
        linkdrv_disconnected(w->ends[i].drv);
    }
    for (int i = 0; i < 2; i++) {
        linkdrv_connected(w->ends[i].drv, now(w, i));
        CHECK_OK(linkdrv_turn(w->ends[i].drv, now(w, i)));
    }
}

void linklogs_move(struct linklogs *w, unsigned rounds)
{
    for (unsigned r = 0; r < rounds; r++) {
        for (int i = 0; i < 2; i++) {
            struct linkend *from = &w->ends[1 - i];
            for (size_t k = 0; k < from->n_out; k++)
                linkdrv_frame(w->ends[i].drv, buf_bytes(&from->out[k]), now(w, i));
            forget_wire(from);
            CHECK_OK(linkdrv_turn(w->ends[i].drv, now(w, i)));
        }
        w->now_ms += 60;
    }
}

bool linklogs_say(struct linklogs *w, int who, unsigned n)
{
    struct body b = {.kind = BODY_STATUS, .status = {.software = n, .disk = bytes_str("ok")}};
    if (who == COORD)
        b = (struct body){.kind = BODY_DOCUMENT,
                          .document = {bytes_str("roster"), bytes_str("note\n")}};
    enum err e = linkdrv_send(w->ends[who].drv, &b, now(w, who));
    return e == OK;
}

void linklogs_show(struct linklogs *w, const char *kind, struct bytes note)
{
    struct body b = {.kind = BODY_DOCUMENT, .document = {bytes_str(kind), note}};
    CHECK_OK(linkdrv_send(w->ends[COORD].drv, &b, w->now_ms));
    linklogs_move(w, 6);
}

void linklogs_settle(struct linklogs *w)
{
    linkdrv_settle(w->ends[NODE].drv, true);
    linkdrv_settle(w->ends[COORD].drv, true);
    for (int i = 0; i < 40; i++) {
        linklogs_move(w, 2);
        if (linkdrv_wants_hello(w->ends[COORD].drv, now(w, COORD)))
            linkdrv_connected(w->ends[NODE].drv, now(w, NODE));
    }
    CHECK(linkdrv_settled(w->ends[NODE].drv) && linkdrv_settled(w->ends[COORD].drv));
}

void linklogs_restart(struct linklogs *w, int who)
{
    struct diag d = {0};
    struct linkend *e = &w->ends[who];
    linkdrv_free(MOVE(e->drv));
    logstore_free(MOVE(e->log));
    CHECK_OK(logstore_open_unsigned(w->dir, e->name, e->config.link.own.log.name, e->log_seed,
                                    &e->log, &d));
    start(e);
}

/* --- what an auditor holds --- */

void linklogs_copy(struct linklogs *w, int who, const char *name)
{
    struct checkpoint c;
    struct diag d = {0};
    CHECK_OK(logstore_copy(w->ends[who].log, now(w, who), w->dir, name, &c, &d));
}

static void put_vkey(struct buf *b, const char *before, const struct vkey *k)
{
    CHECK_OK(buf_puts(b, before));
    CHECK_OK(vkey_put(k, b));
    CHECK_OK(buf_puts(b, "\n"));
}

void linklogs_policy(const struct linklogs *w, const char *name)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(4096);
    const struct link_config *k = &w->ends[NODE].config.link;
    put_vkey(&b, "log ", &k->own.log);
    put_vkey(&b, "log ", &k->peer.log);
    put_vkey(&b, "witness node ", &k->own.witness);
    put_vkey(&b, "witness coordinator ", &k->peer.witness);
    CHECK_OK(buf_puts(&b, "group other any node coordinator\nquorum other\n"));
    CHECK_OK(file_replace(w->dir, name, buf_bytes(&b), 0644));
}

void linklogs_keys(const struct linklogs *w, const char *name)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(4096);
    const struct link_config *k = &w->ends[NODE].config.link;
    put_vkey(&b, "", &k->own.msg);
    put_vkey(&b, "", &k->peer.msg);
    CHECK_OK(file_replace(w->dir, name, buf_bytes(&b), 0644));
}
