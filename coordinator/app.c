/* app.c - opening and closing a coordinator's state directory. */
#include "coordinator/app.h"

#include "core/identity/note.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { NOTE_MAX = 2 * 1024 * 1024 };

void app_store_path(const char *state, char out[APP_PATH])
{
    (void)snprintf(out, APP_PATH, "%.1000s/store.db", state);
}

static enum err open_dir(struct app *a, const char *state, struct diag *d)
{
    if (strlen(state) + 16 > sizeof a->state)
        return diag_set(d, ERR_TOOBIG, "the path is too long");
    (void)snprintf(a->state, sizeof a->state, "%s", state);
    enum err e = dir_open(AT_FDCWD, state, &a->dir);
    if (!e && !file_exists(a->dir, "keyring"))
        e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return diag_set(d, e,
                        "no coordinator here: make one with `init`, or name its folder with "
                        "--state");
    if (!e)
        e = file_lock(a->dir, "lock", &a->lock);
    if (e == ERR_CONFLICT)
        return diag_set(d, ERR_AGAIN,
                        "another cloister-coordinator works on this folder: stop it, "
                        "or wait until it has ended");
    return e ? diag_set(d, e, "the folder cannot be opened (%s): is it writable?", err_name(e))
             : OK;
}

static enum err load(struct app *a, const char *kind, struct document **out, struct diag *d)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX);
    struct note n;
    bool found = false;
    enum err e = store_document_newest(a->store, kind, &found, &note);
    if (e || !found)
        return e;
    e = note_parse(buf_bytes(&note), &n);
    return e ? e : document_of_note(n.text, NULL, out, d);
}

enum err app_reload(struct app *a, struct diag *d)
{
    AUTO(document) roster = NULL;
    AUTO(document) policy = NULL;
    enum err e = load(a, "roster", &roster, d);
    if (!e)
        e = load(a, "policy", &policy, d);
    if (e)
        return e;
    document_free(a->roster);
    document_free(a->policy);
    a->roster = MOVE(roster);
    a->policy = MOVE(policy);
    return OK;
}

enum err app_open(const struct state_options *o, struct app **out, struct diag *d)
{
    char path[APP_PATH];
    AUTO(secret) passphrase = NULL;
    AUTO(app) a = calloc(1, sizeof *a);
    if (a == NULL)
        return ERR_NOMEM;
    a->dir = a->lock = -1;
    enum err e = open_dir(a, state_dir(o), d);
    if (!e)
        e = passphrase_get(&o->passphrase, &passphrase, d);
    if (!e)
        e = keyring_open(a->dir, passphrase, &a->keyring, d);
    app_store_path(a->state, path);
    if (!e)
        e = store_open(path, keyring_secret(a->keyring, KEYRING_DATABASE), &a->store, d);
    if (!e)
        e = app_reload(a, d);
    if (!e)
        *out = MOVE(a);
    return e;
}

void app_free(struct app *a)
{
    if (a == NULL)
        return;
    document_free(a->roster);
    document_free(a->policy);
    store_free(a->store);
    keyring_free(a->keyring);
    fd_auto(&a->dir);
    fd_auto(&a->lock);
    free(a);
}
