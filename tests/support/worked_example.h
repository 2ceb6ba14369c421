/* worked_example.h - log-and-security.md 2.6 built from its seeds, byte for byte; the expected bytes stand in the tests. */
#pragma once

#include "base/buf.h"
#include "core/identity/note.h"
#include "core/tlog/tree.h"

enum { EXAMPLE_ENTRIES = 2 };

/* seed of key k = byte k repeated 32 times */
struct example_seed {
    uint8_t b[NOTE_SEED];
};
struct example_seed example_seed(uint8_t k);
struct vkey example_key(uint8_t k, const char *name, enum vkey_type type);

struct example {
    struct vkey log_key, msg_key, coord_log_key, coord_msg_key, witness_key;
    struct buf note
        [EXAMPLE_ENTRIES]; /* signed message notes: what site-a sent, what the coordinator answered */
    struct buf body[EXAMPLE_ENTRIES];
    struct buf frame[EXAMPLE_ENTRIES];
    struct buf entry[EXAMPLE_ENTRIES]; /* site-a's log */
    struct buf checkpoint;             /* site-a's, cosigned */
    struct buf coord_entry;            /* the coordinator's log of one entry */
    struct buf coord_checkpoint;
    struct hash root;
};

void example_init(struct example *x);
void example_fini(struct example *x);
/* Writes site-a's log as a directory in the layout of 2.1 below `dir`, which exists; and the coordinator's. */
void example_write_site(const struct example *x, const char *dir);
void example_write_coordinator(const struct example *x, const char *dir);
/* The policies and the keys file of rulings 5.1.7 and 8. */
void example_write_policy(const struct example *x, const char *path);
void example_write_keys(const struct example *x, const char *path);
/* Writes a file, its folders made; fails the test where it cannot. */
void example_put(const char *dir, const char *name, struct bytes data);
