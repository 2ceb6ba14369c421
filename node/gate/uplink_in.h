/* uplink_in.h - the two halves of uplink: what happens (uplink.c) and how it begins and ends (uplink_life.c). For this room only. */
#pragma once

#include "core/identity/governance.h"
#include "host/airlock_lookup.h"
#include "host/lognote.h"
#include "node/gate/uplink.h"

enum {
    STATUS_MS = 10 * 60 * 1000,
    STATUS_SOON_MS = 1000,
    LOOKUP_AGAIN_MS = 30 * 1000,
    KNOCK_MS = 1000,
    DROPPED_FIRST_MS = 1000,  /* after a dropped connection; twice that after the next, */
    DROPPED_MOST_MS = 60000,  /* up to this, and from the start again once it held so long */
    SETTLED_QUIET_MS = 15000, /* after a settlement no status goes out: both copies end alike */
};

struct uplink {
    struct app *app;
    struct airlock *airlock;
    struct airlock_lookup *lookup;
    struct logstore *log;
    struct linkdrv *link;
    struct lognote notes;
    struct loop_timer *timer, *again, *status;
    uint8_t server_key[CURVE_KEY];
    bool connected;
    bool closed;         /* by us, and the key with it: given again before the next connection */
    bool stopped;        /* for good: see the log */
    bool suspended;      /* by a person: gate/suspend.h */
    uint64_t hello_ms;   /* of the last knock that was heeded */
    uint64_t up_ms;      /* when the link came up; 0: it is not */
    uint64_t dropped_ms; /* how long to wait after the next drop */
    bool let_in;         /* the last handshake was taken */
    bool status_soon;    /* what a status says has changed and is not yet said */
    uint64_t quiet_ms;   /* until then one of the sides is being copied */
};

/* What the airlock and the link say to it. */
struct airlock_events uplink_airlock_events(struct uplink *u);
struct linkdrv_calls uplink_link_calls(struct uplink *u);
/* Timers: the coordinator's address is looked up (now or again); a status is due. */
void uplink_look_up(void *ctx);
void uplink_on_status(void *ctx);
void uplink_on_timer(void *ctx);
/* One of the sides settles: what is due is said as it begins, and nothing that can wait for a while. */
void uplink_calm(struct uplink *u, bool begins);
