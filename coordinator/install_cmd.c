/* install_cmd.c - `roster install`, `policy install`, `campaign install`: signed documents take force here. */
#include "coordinator/app.h"
#include "coordinator/commands.h"
#include "coordinator/documents.h"
#include "core/identity/note.h"
#include "host/say.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>

/* Campaigns and guidelines come together: the note says which it is. */
static enum err take(struct app *a, enum document_kind kind, struct bytes note, bool *known,
                     struct document **out, struct diag *d)
{
    struct note n;
    struct bytes json;
    if (kind != DOCUMENT_CAMPAIGN)
        return documents_take_governed(a, kind, note, known, out, d);
    if (note_parse(note, &n) == OK && document_note_split(n.text, &kind, &json) == OK &&
        kind != DOCUMENT_GUIDELINE)
        kind = DOCUMENT_CAMPAIGN;
    return documents_take_led(a, kind, note, known, out, d);
}

static enum err install(struct app *a, enum document_kind kind, struct bytes note, bool *known,
                        struct document **out, struct diag *d)
{
    CLEANUP(tx_end) struct tx tx;
    AUTO(document) doc = NULL;
    enum err e = store_begin(a->store, &tx);
    if (!e)
        e = take(a, kind, note, known, &doc, d);
    if (!e)
        e = tx_commit(&tx);
    if (!e)
        *out = MOVE(doc);
    return e;
}

static int one(struct app *a, enum document_kind kind, const char *path)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)2 * DOCUMENT_NOTE_MAX);
    char words[FINGERPRINT_TEXT];
    struct diag d = {0};
    AUTO(document) doc = NULL;
    bool known = false;
    enum err e = file_read(AT_FDCWD, path, (size_t)2 * DOCUMENT_NOTE_MAX, &note);
    if (e)
        return complain(EXIT_NOINPUT, "%s: cannot be read (%s)", shown(path), err_name(e));
    e = install(a, kind, buf_bytes(&note), &known, &doc, &d);
    if (e)
        return complain_diag(e, shown(path), &d);
    document_fingerprint(document_hash(doc), words);
    (void)printf("%s version %llu is %s, fingerprint %s\n", document_kind_name(document_kind(doc)),
                 (unsigned long long)document_version(doc), known ? "here already" : "in force",
                 words);
    return EXIT_OK;
}

static int run(int argc, char **argv, enum document_kind kind, bool many)
{
    char usage[64];
    struct options o;
    struct diag d = {0};
    AUTO(app) a = NULL;
    const char *what = document_kind_name(kind);
    (void)snprintf(usage, sizeof usage, "%s install FILE%s", what, many ? "..." : "");
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE, NULL, 0, usage,
                  many ? "Takes campaigns and guidelines that a lead has signed; sites are told."
                       : "Puts a document in force that its governors have signed.",
                  &o);
    if (o.done)
        return o.exit_code;
    int files = argc - o.rest - 1;
    if (files < 1 || (files > 1 && !many) || strcmp(argv[o.rest], "install") != 0)
        return complain(EXIT_USAGE, "%s wants: install FILE%s", what, many ? "..." : "");
    enum err e = app_open(&o.state, &a, &d);
    if (e)
        return complain_diag(e, shown(state_dir(&o.state)), &d);
    int code = EXIT_OK;
    for (int i = 1; i <= files && !code; i++)
        code = one(a, kind, argv[o.rest + i]);
    return code;
}

int cmd_roster(int argc, char **argv)
{
    return run(argc, argv, DOCUMENT_ROSTER, false);
}

int cmd_policy(int argc, char **argv)
{
    return run(argc, argv, DOCUMENT_POLICY, false);
}

int cmd_campaign(int argc, char **argv)
{
    return run(argc, argv, DOCUMENT_CAMPAIGN, true);
}
