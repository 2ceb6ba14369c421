/* linkpair.h - a node and the coordinator as two links over logs in memory, with a network between them that loses, repeats,
 * swaps and damages as told. What each side's application sent and applied is counted. */
#pragma once

#include "support/memlog.h"

enum { WIRE_MAX = 64, NODE = 0, COORD = 1 };

struct wire {
    struct {
        uint8_t *p;
        size_t n;
    } f[WIRE_MAX];
    size_t n;
};

struct side {
    struct memlog log;
    struct link *link;
    struct link_config config;
    struct secret *log_seed, *msg_seed, *witness_seed;
    struct wire out;        /* on its way to the other side */
    uint64_t sent, applied; /* payloads in the log; payloads acted on, in order */
    uint64_t applied_index; /* log entries below it were applied: durable with them */
    enum link_fault stopped;
    uint64_t drops;
    unsigned hellos;
};

struct pair {
    struct side s[2];
    uint64_t now_ms;
    uint64_t dice; /* state of the generator */
    bool connected;
};

void pair_init(struct pair *p, uint64_t seed);
void pair_fini(struct pair *p);
uint64_t pair_dice(struct pair *p, uint64_t below);

/* The next payload of that side, which bears its number. False where the link would not take it. */
bool pair_send(struct pair *p, int who);
/* Makes the turn of that side durable and does what is then due. */
void pair_turn(struct pair *p, int who);
/* The same, but the log refuses. */
void pair_failed_turn(struct pair *p, int who);
/* Delivers the oldest frame to `who`; false where none is on its way. */
bool pair_deliver(struct pair *p, int who);
void pair_connect(struct pair *p);
void pair_disconnect(struct pair *p);
/* The process dies and starts anew: what was not durable is lost. */
void pair_restart(struct pair *p, int who);
/* Time passes; ticks and checkpoints happen. */
void pair_wait(struct pair *p, uint64_t ms);
/* A good network until nothing moves any more. */
void pair_settle(struct pair *p);
/* Every payload was applied once, in order, and both logs tell the same story. */
void pair_check(struct pair *p);
