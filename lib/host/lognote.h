/* lognote.h - what an exchange log notes of its own beside the messages: `local` entries (log-and-security.md 2.2, 8). They are
 * durable with the turn that they are made in. A link that has stopped notes nothing more: its log may be an older copy. */
#pragma once

#include "core/wire/event.h"
#include "host/linkdrv.h"

enum { LOGNOTE_MS = 60 * 1000 }; /* between two notes of one kind */

enum lognote_what {
    LOGNOTE_UP,
    LOGNOTE_DOWN,
    LOGNOTE_DROPPED, /* by this side: value is the enum link_fault */
    LOGNOTE_REFUSED, /* a key that nobody knows: value is the status */
    LOGNOTE_HANDSHAKE,
    LOGNOTE_ODD, /* frames that are none of ours */
    LOGNOTE_WHATS
};

/* How often each thing happened since it was last noted: strangers may knock a thousand times a second. Zeroed before use. */
struct lognote {
    struct {
        uint64_t n, value, noted_ms;
    } of[LOGNOTE_WHATS];
};

/* Something happened: noted now, or counted until a minute after the last note of its kind. */
void lognote_connection(struct lognote *l, struct linkdrv *drv, enum lognote_what what,
                        uint64_t value, uint64_t now_ms);
/* Notes what was counted and may be noted by now. Before linkdrv_turn. */
void lognote_turn(struct lognote *l, struct linkdrv *drv, uint64_t now_ms);
/* Any other event. */
void lognote_event(struct linkdrv *drv, const struct event *ev, uint64_t now_ms);
