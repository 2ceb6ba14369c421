/* msgnote.h - `fedmsg/v1`, the text that the sender of a message signs (log-and-security.md 2.3). */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"

enum { MSGNOTE_TYPE_MAX = 32, MSGNOTE_SESSION = 16 };

struct msgnote {
    struct bytes from; /* log origins; borrowed, as all bytes here */
    struct bytes to;
    uint8_t session[MSGNOTE_SESSION];
    uint64_t seq;
    struct hash prev; /* SHA-256 of the note text before it in this direction, or zeros */
    uint64_t seen;
    struct bytes type; /* [a-z0-9-]{1,32} */
    uint64_t body_size;
    struct hash body;
};

/* Strict: what it takes, msgnote_put prints alike. `text` is the note's text without signatures. ERR_INVALID. */
enum err msgnote_parse(struct bytes text, struct msgnote *out);
enum err msgnote_put(const struct msgnote *m, struct buf *out);
