/* check.c - `check` and `passwd`: the node's folder looked over, and its passphrase changed, without a daemon. */
#include "base/clock.h"
#include "host/keyring.h"
#include "host/options.h"
#include "host/say.h"
#include "io/files.h"
#include "node/commands.h"
#include "node/freshness.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* --- check --- */

static int finding(const char *what, const char *text)
{
    return complain(EXIT_CONFIG, "%s: %s", what, text);
}

static void say_two_person(const struct config *c)
{
    (void)printf(
        config_two_person(c)
            ? "\n; approvals: two different stewards; a refusal or a withdrawal needs one\n"
            : "\n; approvals: one steward decides\n");
}

/* The daemon has the folder: what can be judged from outside is the configuration. */
static int check_beside_daemon(const struct options *o)
{
    struct config c;
    struct diag d = {0};
    char path[APP_PATH];
    config_default(&c);
    (void)snprintf(path, sizeof path, "%.1000s/node.conf", state_dir(&o->state));
    const char *file = o->state.config == NULL ? path : o->state.config;
    enum err e = config_read(file, o->state.config != NULL, &c, &d);
    if (e)
        return complain(EXIT_CONFIG, "%s:%u: %s. Mend the line, or remove it", shown(file), d.line,
                        d.text);
    config_print(&c, stdout);
    say_two_person(&c);
    (void)fprintf(stderr, PROGRAM ": the daemon runs: the vault was not looked at.\n");
    return EXIT_OK;
}

static int check_vault(struct app *a, bool deep)
{
    struct diag d = {0};
    if (deep && db_check(vault_db(a->vault), &d))
        return finding("vault.db", d.text);
    (void)printf("\n; vault: SQLCipher %s, %s\n", db_cipher_version(vault_db(a->vault)),
                 deep ? "every page is whole" : "opens with its key");
    (void)printf("; access log: %llu entries, not older than the vault says\n",
                 (unsigned long long)logstore_size(a->access));
    (void)printf("; policy: no roster and no coordinator: nothing leaves this node\n");
    return EXIT_OK;
}

int cmd_check(int argc, char **argv)
{
    struct options o;
    struct diag d = {0};
    bool deep = false;
    const struct option_own own[] = {{.name = "deep",
                                      .about = "also every page of the vault against its checksum",
                                      .flag = &deep}};
    options_parse(
        argc, argv, OPT_STATE | OPT_PASSPHRASE, own, 1, "check [--deep]",
        "Prints the effective configuration and what it means; exits 78 where something is wrong.",
        &o);
    if (o.done)
        return o.exit_code;
    AUTO(app) a = NULL;
    enum err e = app_open(&o.state, &a, &d);
    if (e == ERR_AGAIN)
        return check_beside_daemon(&o);
    if (e)
        return complain_diag(e, state_dir(&o.state), &d) == EXIT_REFUSED ? EXIT_REFUSED
                                                                         : EXIT_CONFIG;
    config_print(&a->config, stdout);
    say_two_person(&a->config);
    return check_vault(a, deep);
}

/* --- passwd --- */

static enum err ask_words(const char *file, struct buf *words, struct diag *d)
{
    AUTO(secret) s = NULL;
    struct passphrase_source from = {
        .fd = -1, .file = file, .prompt = "The 16 recovery words, in one line"};
    enum err e = passphrase_get(&from, &s, d);
    if (e)
        return e;
    e = buf_put(words, bytes_of(secret_borrow(s), secret_size(s)));
    secret_give_back(s);
    return e;
}

static enum err change(const struct options *o, bool recovery, const char *words_file,
                       const char *new_file, enum keyring_kdf kdf, struct diag *d)
{
    CLEANUP(buf_fini_wipe) struct buf words = BUF_INIT(PASSPHRASE_MAX);
    AUTO_FD int dir = -1;
    AUTO_FD int lock = -1;
    AUTO(secret) old = NULL;
    AUTO(secret) fresh = NULL;
    AUTO(keyring) k = NULL;
    struct passphrase_source to = {
        .fd = -1, .file = new_file, .prompt = "New passphrase of the node", .twice = true};
    enum err e = dir_open(AT_FDCWD, state_dir(&o->state), &dir);
    if (e)
        return diag_set(d, e, "cannot be opened (%s)", err_name(e));
    e = file_lock(dir, "lock", &lock);
    if (e == ERR_CONFLICT)
        return diag_set(d, ERR_AGAIN, "the node runs: stop it first, its keyring is in use");
    if (!e && recovery)
        e = ask_words(words_file, &words, d);
    else if (!e)
        e = passphrase_get(&o->state.passphrase, &old, d);
    if (!e)
        e = recovery ? keyring_open_recovery(dir, buf_bytes(&words), &k, d)
                     : keyring_open(dir, old, &k, d);
    if (!e)
        e = passphrase_get(&to, &fresh, d);
    if (!e)
        e = keyring_change_passphrase(dir, k, fresh, kdf);
    return e;
}

int cmd_passwd(int argc, char **argv)
{
    struct options o;
    struct diag d = {0};
    bool recovery = false;
    const char *words = NULL;
    const char *fresh = NULL;
    const char *kdf = NULL;
    const struct option_own own[] = {
        {.name = "recovery",
         .about = "open with the 16 recovery words instead of the passphrase",
         .flag = &recovery},
        {.name = "recovery-file",
         .value = "F",
         .about = "the words: first line of F",
         .text = &words},
        {.name = "new-passphrase-file",
         .value = "F",
         .about = "the new passphrase: first line of F",
         .text = &fresh},
        {.name = "kdf",
         .value = "K",
         .about = "moderate (256 MiB), or interactive for tests",
         .text = &kdf},
    };
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE, own, 4, "passwd [--recovery]",
                  "Changes the node's passphrase. Keys and recovery words stay.", &o);
    if (o.done)
        return o.exit_code;
    enum keyring_kdf how =
        kdf != NULL && strcmp(kdf, "interactive") == 0 ? KDF_INTERACTIVE : KDF_MODERATE;
    enum err e = change(&o, recovery || words != NULL, words, fresh, how, &d);
    if (e)
        return complain_diag(e, state_dir(&o.state), &d);
    (void)printf("the passphrase is changed\n");
    return EXIT_OK;
}
