/* app.c - opening and closing a node's state directory. */
#include "node/app.h"

#include "base/clock.h"
#include "io/files.h"
#include "node/consortium/consortium.h"
#include "node/freshness.h"
#include "node/gate/suspend.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *app_system_user(void)
{
    static char name[64];
    const struct passwd *p = getpwuid(geteuid());
    if (p == NULL)
        (void)snprintf(name, sizeof name, "uid:%u", (unsigned)geteuid());
    else
        (void)snprintf(name, sizeof name, "%s", p->pw_name);
    return name;
}

const char *app_origin(const struct app *a, const char *suffix, char out[APP_ORIGIN])
{
    const struct keyring_identity *who = keyring_who(a->keyring);
    (void)snprintf(out, APP_ORIGIN, "%s/%s%s", who->federation, who->id, suffix);
    return out;
}

static enum err open_dirs(struct app *a, const char *state, struct diag *d)
{
    if (strlen(state) + 16 > sizeof a->state)
        return diag_set(d, ERR_TOOBIG, "the path is too long");
    (void)snprintf(a->state, sizeof a->state, "%s", state);
    (void)snprintf(a->vault_path, sizeof a->vault_path, "%.1000s/vault.db", state);
    enum err e = dir_open(AT_FDCWD, state, &a->dir);
    if (e == ERR_NOTFOUND)
        return diag_set(
            d, e, "no such folder: make the node with `init`, or name its folder with --state");
    if (e)
        return diag_set(d, e, "cannot be opened as a folder (%s)", err_name(e));
    e = file_lock(a->dir, "lock", &a->lock);
    if (e == ERR_CONFLICT)
        return diag_set(
            d, ERR_AGAIN,
            "another cloister-node works on this folder: stop it, or wait until it has ended");
    if (e)
        return diag_set(d, e, "the lock cannot be taken (%s): is the folder writable?",
                        err_name(e));
    e = dir_make(a->dir, "run", 0700);
    if (!e)
        e = dir_open(a->dir, "run", &a->run);
    return e ? diag_set(d, e, "run/ cannot be made (%s): is the folder writable, is there room?",
                        err_name(e))
             : OK;
}

static enum err read_config(struct app *a, const char *config, struct diag *d)
{
    char path[APP_PATH];
    struct diag why = {0};
    config_default(&a->config);
    (void)snprintf(path, sizeof path, "%.1000s/node.conf", a->state);
    const char *file = config == NULL ? path : config;
    enum err e = config_read(file, config != NULL, &a->config, &why);
    if (!e)
        return OK;
    return diag_set(d, ERR_CORRUPT, "%s:%u: %s. Mend the line, or remove it", file, why.line,
                    why.text);
}

static enum err open_access(struct app *a, struct diag *d)
{
    char origin[APP_ORIGIN];
    struct diag why = {0};
    enum err e = logstore_open(a->dir, "access", app_origin(a, "/access", origin),
                               keyring_secret(a->keyring, KEYRING_LOG), &a->access, &why);
    return e ? diag_set(d, e, "the access log: %s", why.text[0] == '\0' ? err_name(e) : why.text)
             : OK;
}

enum err app_open(const struct state_options *o, struct app **out, struct diag *d)
{
    AUTO(secret) passphrase = NULL;
    struct diag why = {0};
    AUTO(app) a = calloc(1, sizeof *a);
    if (a == NULL)
        return ERR_NOMEM;
    a->dir = a->run = a->lock = -1;
    enum err e = open_dirs(a, state_dir(o), d);
    if (!e)
        e = read_config(a, o->config, d);
    if (!e && !file_exists(a->dir, "keyring"))
        e = diag_set(d, ERR_NOTFOUND,
                     "no node here: make one with `init`, or name its folder with --state");
    if (!e)
        e = passphrase_get(&o->passphrase, &passphrase, d);
    if (!e)
        e = keyring_open(a->dir, passphrase, &a->keyring, d);
    if (e)
        return e;
    e = vault_open(a->vault_path, keyring_secret(a->keyring, KEYRING_DATABASE), &a->vault, &why);
    if (e)
        return diag_set(d, e == ERR_DENIED ? ERR_CORRUPT : e,
                        "vault.db: %s. Put the copy that belongs to this keyring back", why.text);
    a->worker_vault = a->vault;
    e = open_access(a, d);
    if (!e)
        e = freshness_check(a, d);
    if (!e)
        e = consortium_load(a, d);
    if (!e)
        e = suspend_load(a);
    if (e)
        return e;
    a->started_ms = clock_now_ms();
    *out = MOVE(a);
    return OK;
}

void app_free(struct app *a)
{
    if (a == NULL)
        return;
    if (a->worker_vault != a->vault)
        vault_free(a->worker_vault);
    vault_free(a->vault);
    consortium_fini(a);
    logstore_free(a->access);
    keyring_free(a->keyring);
    fd_auto(&a->run);
    fd_auto(&a->dir);
    fd_auto(&a->lock);
    free(a);
}
