/* install_cmd.c - `roster install`, `policy install`: documents that k governors signed take force here. The coordinator decides
 * nothing: it holds the signatures against the roster before. */
#include "base/clock.h"
#include "coordinator/app.h"
#include "coordinator/commands.h"
#include "core/identity/note.h"
#include "host/say.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>

enum { NOTE_MAX = 2 * 1024 * 1024 };

/* A roster names this coordinator with this coordinator's own keys. */
static enum err check_own(struct app *a, const struct document *roster, struct diag *d)
{
    struct party own;
    struct secret *seed = keyring_secret(a->keyring, KEYRING_LOG);
    struct ed25519_public public = note_public(secret_borrow(seed));
    secret_give_back(seed);
    enum err e = roster_coordinator(roster, &own);
    if (!e && (strcmp(own.id, keyring_who(a->keyring)->id) != 0 ||
               memcmp(own.log.key.b, public.b, sizeof public.b) != 0))
        e = diag_set(d, ERR_DENIED,
                     "this roster names another coordinator, or other keys of this one");
    return e;
}

static enum err install(struct app *a, enum document_kind kind, struct bytes note, bool *known,
                        struct document **out, struct diag *d)
{
    bool roster = kind == DOCUMENT_ROSTER;
    if (!roster && a->roster == NULL)
        return diag_set(d, ERR_DENIED, "install the roster first: it says who may sign a policy");
    enum err e =
        governed_open(note, kind, a->roster, roster ? a->roster : a->policy, out, known, d);
    if (!e && roster)
        e = check_own(a, *out, d);
    if (e || *known)
        return e;
    e = store_document_add(a->store, document_kind_name(kind), document_version(*out),
                           document_hash(*out), note, clock_now_ms());
    return e ? diag_set(d, e, "it cannot be stored (%s)", err_name(e)) : OK;
}

static int run(int argc, char **argv, enum document_kind kind)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX);
    char usage[64];
    char words[FINGERPRINT_TEXT];
    struct options o;
    struct diag d = {0};
    AUTO(app) a = NULL;
    AUTO(document) doc = NULL;
    bool known = false;
    const char *what = document_kind_name(kind);
    (void)snprintf(usage, sizeof usage, "%s install FILE", what);
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE, NULL, 0, usage,
                  "Puts a document in force that its governors have signed.", &o);
    if (o.done)
        return o.exit_code;
    if (argc - o.rest != 2 || strcmp(argv[o.rest], "install") != 0)
        return complain(EXIT_USAGE, "%s wants: install FILE", what);
    const char *path = argv[o.rest + 1];
    enum err e = file_read(AT_FDCWD, path, NOTE_MAX, &note);
    if (e)
        return complain(EXIT_NOINPUT, "%s: cannot be read (%s)", shown(path), err_name(e));
    e = app_open(&o.state, &a, &d);
    if (e)
        return complain_diag(e, shown(state_dir(&o.state)), &d);
    e = install(a, kind, buf_bytes(&note), &known, &doc, &d);
    if (e)
        return complain_diag(e, shown(path), &d);
    document_fingerprint(document_hash(doc), words);
    (void)printf("%s version %llu is %s, fingerprint %s\n", what,
                 (unsigned long long)document_version(doc), known ? "here already" : "in force",
                 words);
    return EXIT_OK;
}

int cmd_roster(int argc, char **argv)
{
    return run(argc, argv, DOCUMENT_ROSTER);
}

int cmd_policy(int argc, char **argv)
{
    return run(argc, argv, DOCUMENT_POLICY);
}
