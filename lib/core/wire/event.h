/* event.h - `LocalEvent`, what a `local` entry of a log says: bytes <-> plain struct. In the frame of the log it stands
 * behind 16 random bytes (event_frame_put), because a leaf that can be guessed would be no secret. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "core/tlog/entry.h"

enum {
    EVENT_MAX = 48 * 1024, /* packed */
    EVENT_TOKEN_MAX = 64,  /* bytes of a user, an id, a word */
    EVENT_TEXT_MAX = 400,  /* bytes of a name or reason for people */
    EVENT_STREAMS_MAX = 1024,
};

enum event_kind {
    EVENT_READ = 1,
    EVENT_EXPORT,
    EVENT_ANCHOR,
    EVENT_START,
    EVENT_STOP,
    EVENT_CLOCK,
    EVENT_APPROVAL,
    EVENT_CONNECTION,
    EVENT_SUSPEND,
    EVENT_CHECKPOINT,
};

/* A person, or a command, opened a record: durable before its first byte was shown. Strings are NUL-ended and never NULL;
 * "" and 0 mean absent where that is said. */
struct event_read {
    const char *user;    /* login name; of a command the system's user */
    const char *role;    /* under which it was allowed */
    const char *purpose; /* label, review, figures, export... */
    struct hash patient; /* HMAC of the patient's identifier */
    const char *item;
    const char *assignment; /* "" = none */
    uint64_t n;             /* revision or draft that was shown; 0 = none */
    const struct hash *streams;
    size_t n_streams;    /* <= EVENT_STREAMS_MAX */
    const char *outcome; /* shown, denied... */
};

/* Records left the vault by a command of the site itself. */
struct event_export {
    const char *user;
    const char *role;
    const char *purpose;
    const char *campaign; /* hash in text, "" = all */
    uint64_t items;
    bool with_records;
    struct hash file; /* SHA-256 of what was written; zeros where not known yet */
    const char *outcome;
};

/* Freshness of the vault (log-and-security.md 10). */
struct event_anchor {
    uint64_t newest_revision; /* 0 = none yet */
    struct hash doc_hash;
};

struct event_start {
    const char *version;
};

/* The clock stood at back_ms when the log's last time was last_ms. */
struct event_clock {
    uint64_t last_ms;
    uint64_t back_ms;
};

struct event_approval {
    struct hash document;
    const char *kind; /* campaign, guideline... */
    const char *user;
    const char *name; /* as printed */
    uint64_t time_ms;
    const char *meaning;  /* what the signature means, in words */
    const char *decision; /* approve, refuse */
    const char *reason;   /* code of a refusal, "" = none */
};

/* What the network said of a connection. */
struct event_connection {
    const char *what; /* up, down, refused, bad-handshake... */
    const char *site; /* at the coordinator; "" = not known, or a node */
    uint64_t n;       /* how often since the last such event; never 0 */
    uint64_t value;   /* of the newest */
};

/* A person closed the wall, or opened it again. */
struct event_suspend {
    bool suspended;
    const char *user;
    const char *name;
};

/* The newest checkpoint of another log of this site. */
struct event_checkpoint {
    const char *origin;
    uint64_t size;
    struct hash root;
};

struct event {
    enum event_kind kind;
    union {
        struct event_read read;
        struct event_export export;
        struct event_anchor anchor;
        struct event_start start; /* EVENT_STOP has no members */
        struct event_clock clock;
        struct event_approval approval;
        struct event_connection connection;
        struct event_suspend suspend;
        struct event_checkpoint checkpoint;
    };
};

/* "read", "export"... Static. */
const char *event_kind_name(enum event_kind k);
/* Appends the packed event. ERR_INVALID where a member breaks its bound (user, role, purpose, item, outcome and the like may
 * not be empty), ERR_TOOBIG over EVENT_MAX. */
enum err event_put(const struct event *e, struct buf *out);
/* Canonical bytes only, as frame_read. Strings and hashes live in the arena. */
enum err event_read_bytes(struct bytes in, struct arena *a, struct event *out);

/* The frame of a local entry: `blind` (random, passed in) and the packed event. */
enum err event_frame_put(const uint8_t blind[ENTRY_BLIND], const struct event *e, struct buf *out);
enum err event_frame_read(struct bytes frame, struct arena *a, struct event *out);
