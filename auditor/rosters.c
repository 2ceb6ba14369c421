/* rosters.c - reading rosters, and that they are one chain. */
#include "rosters.h"

#include "core/identity/governance.h"
#include "core/identity/note.h"
#include "io/files.h"
#include "trust.h"

#include <fcntl.h>
#include <inttypes.h>

enum { ROSTER_BYTES = 1024 * 1024 + 64 * 1024 /* a document and its signatures */ };

enum exit_status roster_read(const char *path, struct document **out, FILE *log)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(ROSTER_BYTES);
    AUTO(document) doc = NULL;
    struct diag d = {0};
    struct note n;
    enum err e = file_read(AT_FDCWD, path, ROSTER_BYTES, &b);
    if (e == ERR_NOMEM)
        return EXIT_BUG;
    if (e) {
        (void)trust_refuse(log, path, e == ERR_TOOBIG ? "too big for a roster" : "cannot be read");
        return EXIT_UNREADABLE;
    }
    e = note_parse(buf_bytes(&b), &n);
    if (!e)
        e = document_of_note(n.text, NULL, &doc, &d);
    if (e == ERR_NOMEM)
        return EXIT_BUG;
    if (!e && document_kind(doc) == DOCUMENT_ROSTER) {
        *out = MOVE(doc);
        return EXIT_VALID;
    }
    (void)trust_refuse(log, path, e && d.text[0] != '\0' ? d.text : "no signed roster");
    return EXIT_UNREADABLE;
}

void roster_say_fingerprint(const struct document *roster, FILE *log)
{
    char words[FINGERPRINT_TEXT];
    document_fingerprint(document_hash(roster), words);
    (void)fprintf(log,
                  "cloister-audit: roster version %" PRIu64 " of %s, fingerprint %s\n"
                  "cloister-audit: compare the fingerprint with somebody who has it from "
                  "elsewhere\n",
                  document_version(roster), json_text(document_json(roster), "federation"), words);
}

void rosters_fini(struct rosters *r)
{
    for (size_t i = 0; i < r->n; i++)
        document_free(r->doc[i]);
    r->n = 0;
}

/* The newest comes first; the roster is r's from here on. */
static void add(struct rosters *r, struct document *doc)
{
    size_t at = r->n++;
    for (; at > 0 && document_version(r->doc[at - 1]) < document_version(doc); at--)
        r->doc[at] = r->doc[at - 1];
    r->doc[at] = doc;
}

/* Each names the one before it by its hash. */
static enum exit_status check_chain(const struct rosters *r, FILE *log)
{
    for (size_t i = 0; i + 1 < r->n; i++) {
        AUTO(document) again = NULL;
        struct diag d = {0};
        enum err e = document_of_note(document_note(r->doc[i]), r->doc[i + 1], &again, &d);
        if (e == ERR_NOMEM)
            return EXIT_BUG;
        if (e)
            return trust_refuse(log, "--roster",
                                "an older roster is not the one that the next names");
    }
    return EXIT_VALID;
}

enum exit_status rosters_read(const struct paths *paths, struct rosters *out, FILE *log)
{
    for (size_t i = 0; i < paths->n; i++) {
        AUTO(document) doc = NULL;
        enum exit_status s = roster_read(paths->path[i], &doc, log);
        if (s != EXIT_VALID)
            return s;
        add(out, MOVE(doc));
    }
    if (out->n == 0)
        return trust_refuse(log, "--roster", "FILE is wanted: it says whose signatures count");
    enum exit_status s = check_chain(out, log);
    if (s == EXIT_VALID)
        roster_say_fingerprint(out->doc[0], log);
    return s;
}
