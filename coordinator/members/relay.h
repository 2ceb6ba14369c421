/* relay.h - the running coordinator: a member for every active site of the roster, an airlock before them, one loop.
 *
 *   frame from the airlock -> the site's member -> core/link -> its exchange log -> (end of turn: on disk) -> applied, answered
 *
 * Who sent a frame is what ZAP said. A site speaks over one route; a hello over another route moves it there. */
#pragma once

#include "coordinator/app.h"
#include "coordinator/members/member.h"
#include "host/airlock.h"
#include "io/loop.h"

enum { RELAY_MEMBERS_MAX = 1024 };

struct relay_ticket {
    uint32_t ticket; /* 0: free */
    uint32_t route;
    char site[PARTY_ID];
};

struct relay {
    struct app *app;
    struct loop *loop;
    struct airlock *airlock;
    int log, evidence; /* folders */
    struct member *members[RELAY_MEMBERS_MAX];
    size_t n;
    struct relay_ticket tickets[AIRPIPE_OUT_MAX];
    struct loop_timer *timer;
    bool roster_changed;    /* members and allow list follow at the end of the turn */
    bool documents_changed; /* there is something new for everybody */
    bool airlock_dead;
    uint64_t refused, refused_ms; /* strangers so far; when that was last said */
    int exit_code;                /* why the loop was stopped; EXIT_OK: somebody asked */
    /* The airlock listens; each time. Or it does not: `number` is an errno, or 0. */
    void (*listening)(void *ctx, uint32_t port);
    void (*not_listening)(void *ctx, uint32_t number);
    void *ctx;
};

/* Opens a member for every active site. app, loop and airlock are set; they outlive it. */
enum err relay_start(struct relay *r, struct diag *d);
/* Key and allow list to the airlock, then binds. */
enum err relay_listen(struct relay *r, const char *endpoint, struct diag *d);
/* Publishes the logs that may be signed and closes them. */
void relay_stop(struct relay *r);

struct member *relay_find(struct relay *r, const char *site);
/* Stops the loop with this exit code; the first wins. */
void relay_fail(struct relay *r, int exit_code);
/* Something is to be done at the end of this turn. */
void relay_wake(struct relay *r);
/* There are documents or proposals that sites are to be told; members and allow list follow the roster before this turn ends. */
void relay_changed(struct relay *r, bool documents, bool roster);
/* This site is to be told something of its own. */
void relay_tell(struct relay *r, const char *site);

/* --- within members/ --- */
struct airlock_events relay_events(struct relay *r);
/* Members and allow list as the roster in force says. */
enum err relay_follow_roster(struct relay *r, struct diag *d);
