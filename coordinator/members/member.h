/* member.h - one site as the coordinator meets it: its exchange log, its link, the route to it, what it is still to be told. */
#pragma once

#include "core/identity/governance.h"
#include "host/linkdrv.h"
#include "host/lognote.h"

struct relay;
struct member;

enum { SETTLE_MS = 10000, KNOCK_FIRST_MS = 1000, KNOCK_MOST_MS = 60000 };

/* Who waits for a settled copy. */
struct member_settle {
    bool on;
    uint64_t until_ms; /* of the monotonic clock */
    uint64_t look_ms;  /* when to look again */
    void (*done)(void *ctx, struct member *m, bool settled);
    void *ctx;
};

struct member {
    struct relay *relay;
    struct party party; /* as the roster has it */
    struct logstore *log;
    struct linkdrv *drv;
    struct lognote notes;
    uint32_t route;     /* that its hello came over */
    bool connected;     /* the route stands as far as we know */
    bool blocked;       /* the airlock took no more: asked again when it has answered */
    bool dirty;         /* has something to do at the end of this turn */
    uint64_t heard_ms;  /* last frame in this run, by the wall clock; 0: none */
    bool more;          /* the outbox may hold something that was not sent */
    uint64_t again_ms;  /* after a failed turn: no earlier than this; monotonic, so below */
    uint64_t due_at_ms; /* when a turn is due by time; UINT64_MAX: never */
    uint32_t knock_route;
    uint64_t knock_at_ms; /* UINT64_MAX: no knock is due */
    uint64_t knock_wait_ms;
    struct member_settle settle;
    uint64_t calm_at_ms; /* the site settles, and we with it until then; 0: it does not */
};

/* Opens or makes its log below relay->log and takes up what was not applied. */
enum err member_new(struct relay *r, const struct party *site, struct member **out, struct diag *d);
/* Ends it at once; who waits for a settled copy is told. Accepts NULL. */
void member_free(struct member *m);
DEFINE_AUTO(member)

/* A frame that ZAP says is the site's. */
void member_frame(struct member *m, uint32_t route, struct bytes frame);
/* What was sent over this route did not go. */
void member_lost(struct member *m, uint32_t route);

/* Something happened to its connection, or to nobody's: its log notes it. */
void member_note(struct member *m, enum lognote_what what, uint64_t value);
/* Commits, sends, applies; says what is still to be said. ERR_IO: the process has to end. */
enum err member_turn(struct member *m);
/* ms until member_turn has something to do; UINT64_MAX: nothing. */
uint64_t member_due_ms(const struct member *m);

/* The public keys of both sides, for the link and for an auditor. */
enum err member_keys(struct relay *r, const struct party *site, struct link_keys *own,
                     struct link_keys *peer);
/* Asks for receipts and cosignatures; `done` comes once, within SETTLE_MS. ERR_AGAIN: somebody waits already. */
enum err member_settle(struct member *m, const struct member_settle *want);
/* A copy of its log into the empty folder `to`: of all that is on disk where it may be signed, else of what was signed. */
enum err member_copy(struct member *m, int to, struct checkpoint *out, struct diag *d);

/* --- within members/ --- */
/* Counts what was refused: `side` is frame, document or site, `code` its rule of n bytes. */
void member_refused(struct member *m, const char *side, const char *code, size_t n);
/* linkdrv's: acts on a payload, in one transaction with the applied index. ctx: a member, of which only relay and party stand. */
enum err member_apply(void *ctx, uint64_t index, const struct body *b);
/* Says what the outbox holds, as far as the window goes. */
enum err member_say(struct member *m, uint64_t now_ms);
