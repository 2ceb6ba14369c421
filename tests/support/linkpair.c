#include "support/linkpair.h"

#include "core/identity/note.h"
#include "core/wire/frame.h"
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>

#define NODE_ORIGIN "fed.example/site-a"
#define COORD_ORIGIN "fed.example/coord/site-a"

uint64_t pair_dice(struct pair *p, uint64_t below)
{
    p->dice = p->dice * 6364136223846793005U + 1442695040888963407U; /* Knuth's MMIX */
    return (p->dice >> 33) % below;
}

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
    char name[VKEY_NAME_MAX];
    struct vkey k;
    (void)snprintf(name, sizeof name, "%s%s", origin, tail);
    CHECK_OK(vkey_make(bytes_str(name), type, note_public(secret_borrow(seed)), &k));
    secret_give_back(seed);
    return k;
}

static struct link_keys keys_of(struct side *s, const char *origin)
{
    return (struct link_keys){key_of(s->log_seed, origin, "", VKEY_ED25519),
                              key_of(s->msg_seed, origin, "/msg", VKEY_ED25519),
                              key_of(s->witness_seed, origin, "/witness", VKEY_COSIGNATURE)};
}

static void link_open(struct side *s)
{
    struct link_log ops = memlog_ops(&s->log);
    CHECK_OK(link_new(&s->config, &ops, &s->link));
    CHECK_OK(link_load(s->link));
}

void pair_init(struct pair *p, uint64_t seed)
{
    *p = (struct pair){.now_ms = 1764000000000, .dice = seed};
    for (int i = 0; i < 2; i++) {
        struct side *s = &p->s[i];
        s->log_seed = seed_of((uint8_t)(1 + 10 * i));
        s->msg_seed = seed_of((uint8_t)(2 + 10 * i));
        s->witness_seed = seed_of((uint8_t)(3 + 10 * i));
        memlog_init(&s->log, i == NODE ? NODE_ORIGIN : COORD_ORIGIN, s->log_seed);
    }
    struct link_keys node = keys_of(&p->s[NODE], NODE_ORIGIN);
    struct link_keys coord = keys_of(&p->s[COORD], COORD_ORIGIN);
    p->s[NODE].config =
        (struct link_config){LINK_NODE, node, coord, p->s[NODE].msg_seed, p->s[NODE].witness_seed};
    p->s[COORD].config = (struct link_config){LINK_COORDINATOR, coord, node, p->s[COORD].msg_seed,
                                              p->s[COORD].witness_seed};
    link_open(&p->s[NODE]);
    link_open(&p->s[COORD]);
}

static void wire_clear(struct wire *w)
{
    while (w->n > 0)
        free(w->f[--w->n].p);
}

void pair_fini(struct pair *p)
{
    for (int i = 0; i < 2; i++) {
        struct side *s = &p->s[i];
        wire_clear(&s->out);
        link_free(s->link);
        memlog_fini(&s->log);
        secret_free(s->log_seed);
        secret_free(s->msg_seed);
        secret_free(s->witness_seed);
    }
}

/* --- the application --- */

static struct body payload(int who, uint64_t number, char text[32])
{
    (void)snprintf(text, 32, "%llu\n", (unsigned long long)number);
    if (who == NODE)
        return (struct body){.kind = BODY_STATUS,
                             .status = {.software = number + 1, .disk = bytes_str("ok")}};
    return (struct body){.kind = BODY_DOCUMENT, .document = {bytes_str("roster"), bytes_str(text)}};
}

static uint64_t number_of(const struct body *b)
{
    if (b->kind == BODY_STATUS)
        return b->status.software - 1;
    CHECK_INT(b->kind, BODY_DOCUMENT);
    return strtoull((const char *)b->document.note.p, NULL, 10);
}

bool pair_send(struct pair *p, int who)
{
    char text[32];
    struct side *s = &p->s[who];
    struct body b = payload(who, s->sent, text);
    if (!link_can_send(s->link))
        return false;
    enum err e = link_send(s->link, &b, p->now_ms);
    if (e == ERR_FULL) {
        pair_failed_turn(p, who);
        return false;
    }
    CHECK_OK(e);
    s->sent++;
    return true;
}

/* Applies an entry of the log once, whether it comes as an act or is read again after a restart. */
static void apply(struct side *s, uint64_t index)
{
    CLEANUP(arena_fini) struct arena a = {.last = NULL};
    struct body b;
    if (index < s->applied_index)
        return;
    enum err e = link_payload(s->link, index, &a, &b);
    s->applied_index = index + 1;
    if (e == ERR_NOTFOUND || (!e && b.kind == BODY_REFUSED))
        return;
    CHECK_OK(e);
    CHECK_INT(number_of(&b), s->applied);
    s->applied++;
}

static void put_wire(struct wire *w, struct bytes frame)
{
    if (w->n == WIRE_MAX) /* a full pipe loses what comes last */
        return;
    w->f[w->n].p = malloc(frame.n + 1);
    CHECK(w->f[w->n].p != NULL);
    memcpy(w->f[w->n].p, frame.p, frame.n);
    w->f[w->n++].n = frame.n;
}

static void act_on(struct pair *p, int who, const struct link_act *act)
{
    struct side *s = &p->s[who];
    struct bytes frame;
    switch (act->kind) {
    case LINK_SEND:
        CHECK(act->index < s->log.durable); /* nothing leaves that is not on disk */
        CHECK_OK(memlog_ops(&s->log).frame(&s->log, act->index, &frame));
        if (p->connected)
            put_wire(&s->out, frame);
        break;
    case LINK_APPLY:
        CHECK(act->index < s->log.durable);
        apply(s, act->index);
        break;
    case LINK_DROP:
        s->drops++;
        pair_disconnect(p);
        break;
    case LINK_STOP:
        s->stopped = act->fault;
        pair_disconnect(p);
        break;
    }
}

void pair_turn(struct pair *p, int who)
{
    struct link_act act;
    struct side *s = &p->s[who];
    memlog_commit(&s->log);
    link_committed(s->link);
    while (link_next(s->link, &act))
        act_on(p, who, &act);
}

static void count_sent(struct side *s)
{
    s->sent = 0;
    for (uint64_t i = 0; i < s->log.durable; i++) {
        const char *text = (const char *)s->log.e[i].text;
        bool told =
            strstr(text, "\ntype status\n") != NULL || strstr(text, "\ntype document\n") != NULL;
        s->sent += s->log.e[i].kind == ENTRY_OUT && told ? 1 : 0;
    }
}

void pair_failed_turn(struct pair *p, int who)
{
    struct link_act act;
    struct side *s = &p->s[who];
    memlog_take_back(&s->log);
    link_not_committed(s->link);
    count_sent(s);
    while (link_next(s->link, &act))
        act_on(p, who, &act);
}

/* --- network and time --- */

static void nonce(struct pair *p, uint8_t out[2 * LINK_NONCE])
{
    for (size_t i = 0; i < (size_t)2 * LINK_NONCE; i++)
        out[i] = (uint8_t)pair_dice(p, 256);
}

bool pair_deliver(struct pair *p, int who)
{
    uint8_t n[2 * LINK_NONCE];
    struct wire *w = &p->s[1 - who].out;
    if (w->n == 0)
        return false;
    uint8_t *frame = w->f[0].p;
    size_t size = w->f[0].n;
    w->n--;
    memmove(&w->f[0], &w->f[1], w->n * sizeof w->f[0]);
    nonce(p, n);
    enum err e = link_take(p->s[who].link, bytes_of(frame, size), p->now_ms, n);
    free(frame);
    if (e == ERR_FULL)
        pair_failed_turn(p, who);
    else
        CHECK_OK(e);
    return true;
}

void pair_connect(struct pair *p)
{
    uint8_t n[2 * LINK_NONCE];
    if (p->connected)
        return;
    p->connected = true;
    for (int i = 0; i < 2; i++) {
        nonce(p, n);
        enum err e = link_connected(p->s[i].link, p->now_ms, n);
        if (e == ERR_FULL)
            pair_failed_turn(p, i);
        else
            CHECK_OK(e);
        pair_turn(p, i);
    }
}

void pair_disconnect(struct pair *p)
{
    p->connected = false;
    for (int i = 0; i < 2; i++) {
        link_disconnected(p->s[i].link);
        wire_clear(&p->s[i].out);
    }
}

void pair_restart(struct pair *p, int who)
{
    struct side *s = &p->s[who];
    pair_disconnect(p);
    link_free(s->link);
    memlog_take_back(&s->log);
    count_sent(s);
    link_open(s);
    for (uint64_t i = s->applied_index; i < s->log.durable; i++)
        apply(s, i);
}

void pair_wait(struct pair *p, uint64_t ms)
{
    p->now_ms += ms;
    for (int i = 0; i < 2; i++) {
        struct side *s = &p->s[i];
        if (link_may_sign(s->link))
            memlog_publish(&s->log);
        uint8_t n[2 * LINK_NONCE];
        nonce(p, n);
        enum err e = link_tick(s->link, p->now_ms, n);
        if (e == ERR_FULL)
            pair_failed_turn(p, i);
        else
            CHECK_OK(e);
        pair_turn(p, i);
    }
}

/* The coordinator asks the node for a hello. */
static void knock(struct pair *p)
{
    uint8_t n[2 * LINK_NONCE];
    nonce(p, n);
    enum err e = link_connected(p->s[NODE].link, p->now_ms, n);
    if (e == ERR_FULL)
        pair_failed_turn(p, NODE);
    else
        CHECK_OK(e);
    pair_turn(p, NODE);
}

void pair_settle(struct pair *p)
{
    p->s[NODE].log.full = p->s[COORD].log.full = false;
    for (int round = 0; round < 200; round++) {
        pair_connect(p);
        for (int i = 0; i < 2; i++) {
            link_settle(p->s[i].link, true);
            pair_turn(p, i);
            while (pair_deliver(p, i))
                pair_turn(p, i);
        }
        pair_wait(p, 250);
        if (p->connected && link_wants_hello(p->s[COORD].link))
            knock(p);
        bool quiet = p->s[NODE].out.n == 0 && p->s[COORD].out.n == 0;
        if (quiet && link_settled(p->s[NODE].link) && link_settled(p->s[COORD].link)) {
            link_settle(p->s[NODE].link, false);
            link_settle(p->s[COORD].link, false);
            return;
        }
    }
    fail_msg("%s", "it did not settle");
}

/* The notes of one direction, as `kind` entries of a log without hellos and without what was only rejected. */
static uint64_t collect(const struct memlog *m, enum entry_kind kind, struct bytes *out)
{
    struct entry e;
    uint64_t n = 0;
    for (uint64_t i = 0; i < m->durable; i++) {
        CHECK_OK(entry_parse(memlog_text(m, i), &e));
        bool hello = strstr((const char *)m->e[i].text, "\ntype hello\n") != NULL;
        if (e.kind == kind && !hello)
            out[n++] = e.note;
    }
    return n;
}

static void check_direction(struct pair *p, int from)
{
    static struct bytes said[MEMLOG_MAX];
    static struct bytes heard[MEMLOG_MAX];
    uint64_t n = collect(&p->s[from].log, ENTRY_OUT, said);
    uint64_t m = collect(&p->s[1 - from].log, ENTRY_IN, heard);
    CHECK(m <= n);
    for (uint64_t i = 0; i < m; i++)
        CHECK_BYTES(said[i], heard[i]);
    CHECK_INT(p->s[1 - from].applied, p->s[from].sent);
}

void pair_check(struct pair *p)
{
    CHECK_INT(p->s[NODE].stopped, LINK_FINE);
    CHECK_INT(p->s[COORD].stopped, LINK_FINE);
    check_direction(p, NODE);
    check_direction(p, COORD);
}
