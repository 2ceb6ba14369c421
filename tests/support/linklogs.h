/* linklogs.h - for tests over real logs: a node's and a coordinator's exchange log on files, written by two link drivers that
 * talk over a wire in memory; and the files that an auditor of both would hold. */
#pragma once

#include "base/buf.h"
#include "host/linkdrv.h"
#include "host/logstore.h"

enum { LINKLOGS_QUEUE = 64, NODE = 0, COORD = 1 };
#define NODE_ORIGIN "fed.example/site-a"
#define COORD_ORIGIN "fed.example/coord/site-a"

struct linkend {
    struct secret *log_seed, *msg_seed, *witness_seed;
    struct logstore *log;
    struct linkdrv *drv;
    struct linkdrv_config config;
    char name[32];
    struct buf out[LINKLOGS_QUEUE];
    size_t n_out;
    uint64_t applied, applied_index;
    bool closed, blocked;
    bool full;         /* what it takes in cannot be kept: ERR_FULL from `apply` */
    uint64_t ahead_ms; /* of this side's clock, before now_ms */
};

struct linklogs {
    struct linkend ends[2];
    int dir; /* the scratch folder */
    uint64_t now_ms;
    unsigned run; /* folders of one case are not those of the next */
};

/* New logs, both drivers started. Call linklogs_end before the next. */
void linklogs_begin(struct linklogs *w);
/* The same of other names (witness: whose witness key the coordinator's is), the node's log, message and witness key of the seeds `seed` to `seed` + 2. */
void linklogs_begin_as(struct linklogs *w, const char *node, const char *coord, const char *witness,
                       uint8_t seed);
void linklogs_end(struct linklogs *w);
void linklogs_connect(struct linklogs *w);
/* Everything on the wire arrives, time passes. */
void linklogs_move(struct linklogs *w, unsigned rounds);
/* A status from the node, a document from the coordinator; false where there is no room. */
bool linklogs_say(struct linklogs *w, int who, unsigned n);
/* A document from the coordinator; it arrives. */
void linklogs_show(struct linklogs *w, const char *kind, struct bytes note);
/* Until all is receipted and cosigned; fails the test where that does not come. */
void linklogs_settle(struct linklogs *w);
/* The daemon is started anew over its log, its driver gone. */
void linklogs_restart(struct linklogs *w, int who);
/* Copies a log as an audit bundle into a new folder of this name below the scratch folder. */
void linklogs_copy(struct linklogs *w, int who, const char *name);
/* The auditor's files, below the scratch folder: one policy for both sides, and the message keys. */
void linklogs_policy(const struct linklogs *w, const char *name);
void linklogs_keys(const struct linklogs *w, const char *name);
