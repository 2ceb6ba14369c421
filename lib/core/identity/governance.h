/* governance.h - who may change what (gate-and-rounds.md, "Enrolment"): rosters and policies by k of n governors, and the keys
 * that a roster gives its members. */
#pragma once

#include "core/identity/document.h"
#include "core/identity/vkey.h"

enum { PARTY_ID = 33, CURVE_KEY = 32, FINGERPRINT_TEXT = 8 * 6, GOVERNORS_MAX = 64 };

/* A member as the roster has it. */
struct party {
    char id[PARTY_ID];
    struct vkey log, msg, witness;
    bool leads;
    struct vkey lead; /* where it leads */
    uint8_t curve[CURVE_KEY];
    bool active;  /* a site: not revoked */
    int64_t site; /* number of a site; 0 for the coordinator */
};

/* Of a roster document. ERR_NOTFOUND. */
enum err roster_site(const struct document *roster, const char *id, struct party *out);
size_t roster_site_count(const struct document *roster);
enum err roster_site_at(const struct document *roster, size_t i, struct party *out);
enum err roster_coordinator(const struct document *roster, struct party *out);
/* The coordinator as one site meets it: its log and message key under `<coordinator>/<site>` and `<coordinator>/<site>/msg`, key
 * ids recomputed; the witness stays. */
enum err party_toward(const struct party *coordinator, const char *site, struct party *out);
uint64_t document_version(const struct document *doc);

/* A roster's governors, in its order, and who of them has signed something. */
struct governors {
    size_t n;
    unsigned need; /* k */
    struct vkey key[GOVERNORS_MAX];
    bool has_signed[GOVERNORS_MAX];
};
struct note;
/* Nobody has signed yet. ERR_INVALID, ERR_TOOBIG: no roster of ours. */
enum err governors_of(const struct document *roster, struct governors *out);
/* Marks those whose valid line the note bears. ERR_DENIED: a governor's line does not verify. */
enum err governors_mark(struct governors *g, const struct note *n);
unsigned governors_signed(const struct governors *g);

/* How many governors that `roster` names have validly signed this note; *need is its k. ERR_INVALID no note, ERR_DENIED a
 * governor's line that does not verify: the note is then worth nothing. */
enum err governors_count(const struct document *roster, struct bytes note, unsigned *valid,
                         unsigned *need);

/* A document against the version in force (NULL: none). *known: it is that very one. ERR_CONFLICT: older, or another document of
 * its version (a fork). */
enum err governed_age(const struct document *doc, const struct document *before, bool *known,
                      struct diag *d);

/* A roster or policy note that is to take force. `roster` is the one in force (NULL: a founding roster, which its own governors
 * sign and a person compares); `before` is the version of this document in force, or NULL. ERR_DENIED: too few signatures, or
 * a bad one. ERR_CONFLICT: older than `before`, or another document of its version (a fork): d says which. OK with *known
 * where it is `before` itself. */
enum err governed_open(struct bytes note, enum document_kind kind, const struct document *roster,
                       const struct document *before, struct document **out, bool *known,
                       struct diag *d);

/* The first 128 bits of a document's hash as 8 proquints: what two people read to each other. */
void document_fingerprint(struct hash hash, char out[FINGERPRINT_TEXT]);
