/* outbox.h - what is to be said to the consortium, joined to the exchange log by its number there (log-and-security.md 3.10): a
 * row is numbered before it is appended, and goes when the log is seen to hold that number. */
#pragma once

#include "base/buf.h"
#include "node/vault/vault.h"

struct outbox_row {
    int64_t id;
    bool numbered;
    uint64_t seq;
};

/* In the caller's transaction. */
enum err outbox_add(struct vault *v, struct bytes body, uint64_t now_ms);
/* The first row above `after`; its body is appended. */
enum err outbox_next(struct vault *v, int64_t after, bool *found, struct outbox_row *row,
                     struct buf *body);
enum err outbox_number(struct vault *v, int64_t id, uint64_t seq);
/* Numbers that the log did not come to hold are free again: rows from `seq` on wait anew. Before the link says anything, and
 * after a turn that failed. */
enum err outbox_unnumber(struct vault *v, uint64_t seq);
enum err outbox_drop(struct vault *v, int64_t id);

enum err exchange_applied(struct vault *v, uint64_t *out);
/* In the caller's transaction. */
enum err exchange_set_applied(struct vault *v, uint64_t index);
