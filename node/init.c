/* init.c - `init`: keys, vault, access log, and the request that names every public key. */
#include "base/clock.h"
#include "base/hex.h"
#include "base/rng.h"
#include "base/text.h"
#include "host/names.h"
#include "host/options.h"
#include "host/request.h"
#include "host/say.h"
#include "host/sealed_key.h"
#include "io/files.h"
#include "node/app.h"
#include "node/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct init {
    struct options o;
    const char *federation, *site, *name, *kdf, *lead_file, *gov_file;
    bool lead;
    enum keyring_kdf how;
    struct keyring_identity who;
    struct secret *passphrase, *lead_passphrase, *gov_passphrase;
    int dir, lock;
    bool made_dir;
    char words[RECOVERY_TEXT];
    struct keyring *keyring;
    struct request_keys keys;
};

static void init_fini(struct init *i)
{
    sodium_memzero(i->words, sizeof i->words);
    secret_free(i->passphrase);
    secret_free(i->lead_passphrase);
    secret_free(i->gov_passphrase);
    keyring_free(i->keyring);
    fd_auto(&i->dir);
    fd_auto(&i->lock);
}

static int check_words(struct init *i)
{
    if (i->federation == NULL || i->site == NULL || i->name == NULL)
        return complain(EXIT_USAGE, "init wants --federation, --site and --name");
    if (!names_federation_ok(i->federation))
        return complain(EXIT_USAGE,
                        "--federation %s: write a name like fed.example/ward7, at most 100 letters",
                        shown(i->federation));
    if (!names_id_ok(i->site))
        return complain(
            EXIT_USAGE,
            "--site %s: lower-case letters, digits and -, at most 31, and no word that names a key",
            shown(i->site));
    if (!names_text_ok(i->name))
        return complain(EXIT_USAGE, "--name: one line of 1 to 200 characters");
    if (i->kdf != NULL && strcmp(i->kdf, "interactive") != 0 && strcmp(i->kdf, "moderate") != 0)
        return complain(EXIT_USAGE, "--kdf is interactive or moderate");
    i->how = i->kdf != NULL && strcmp(i->kdf, "interactive") == 0 ? KDF_INTERACTIVE : KDF_MODERATE;
    (void)snprintf(i->who.federation, sizeof i->who.federation, "%s", i->federation);
    (void)snprintf(i->who.id, sizeof i->who.id, "%s", i->site);
    (void)snprintf(i->who.name, sizeof i->who.name, "%s", i->name);
    return EXIT_OK;
}

static int get_passphrases(struct init *i)
{
    struct diag d = {0};
    i->o.state.passphrase.twice = true;
    i->o.state.passphrase.prompt = "New passphrase of the node";
    struct passphrase_source gov = {.fd = -1,
                                    .file = i->gov_file,
                                    .credential = "gov-passphrase",
                                    .prompt = "New passphrase of the governor key",
                                    .twice = true};
    struct passphrase_source lead = {.fd = -1,
                                     .file = i->lead_file,
                                     .credential = "lead-passphrase",
                                     .prompt = "New passphrase of the lead key",
                                     .twice = true};
    enum err e = passphrase_get(&i->o.state.passphrase, &i->passphrase, &d);
    if (!e)
        e = passphrase_get(&gov, &i->gov_passphrase, &d);
    if (!e && i->lead)
        e = passphrase_get(&lead, &i->lead_passphrase, &d);
    return e ? complain_diag(e, "init", &d) : EXIT_OK;
}

static int open_folder(struct init *i)
{
    const char *state = state_dir(&i->o.state);
    if (mkdir(state, 0700) == 0)
        i->made_dir = true;
    else if (errno != EEXIST)
        return complain(EXIT_CANTCREATE,
                        "%s: cannot be made (%s): choose a folder you may write to", shown(state),
                        strerror(errno));
    enum err e = dir_open(AT_FDCWD, state, &i->dir);
    if (e)
        return complain(EXIT_CANTCREATE, "%s: cannot be opened as a folder (%s)", shown(state),
                        err_name(e));
    e = file_lock(i->dir, "lock", &i->lock);
    if (e == ERR_CONFLICT)
        return complain(EXIT_AGAIN, "%s: another cloister-node works on this folder", shown(state));
    if (e)
        return complain(EXIT_CANTCREATE, "%s: cannot be written to (%s): is it read-only or full?",
                        shown(state), err_name(e));
    if (file_exists(i->dir, "keyring") || file_exists(i->dir, "vault.db"))
        return complain(EXIT_CANTCREATE, "%s: there is a node already: choose another --state",
                        shown(state));
    return EXIT_OK;
}

static enum err make_keys(struct init *i, struct diag *d)
{
    char name[APP_ORIGIN];
    enum err e = keyring_create(i->dir, &i->who, i->passphrase, i->how, i->words, &i->keyring);
    if (e)
        return diag_set(d, e, "the keyring cannot be written (%s)", err_name(e));
    (void)snprintf(name, sizeof name, "%s/%s/gov", i->who.federation, i->who.id);
    e = sealed_key_create(i->dir, "gov.key", name, i->gov_passphrase, i->how, &i->keys.gov);
    (void)snprintf(name, sizeof name, "%s/%s/lead", i->who.federation, i->who.id);
    if (!e && i->lead)
        e = sealed_key_create(i->dir, "lead.key", name, i->lead_passphrase, i->how, &i->keys.lead);
    i->keys.has_lead = i->lead;
    return e ? diag_set(d, e, "a key file cannot be written (%s)", err_name(e)) : OK;
}

static enum err make_stores(struct init *i, struct diag *d)
{
    char path[APP_PATH];
    char origin[APP_ORIGIN];
    char made[32];
    AUTO(vault) v = NULL;
    AUTO(logstore) access = NULL;
    (void)snprintf(path, sizeof path, "%.1000s/vault.db", state_dir(&i->o.state));
    enum err e = vault_create(path, keyring_secret(i->keyring, KEYRING_DATABASE), &v, d);
    (void)snprintf(made, sizeof made, "%llu", (unsigned long long)clock_now_ms());
    if (!e)
        e = vault_meta_set(v, "site", i->who.id);
    if (!e)
        e = vault_meta_set(v, "made_ms", made);
    (void)snprintf(origin, sizeof origin, "%s/%s/access", i->who.federation, i->who.id);
    if (!e)
        e = logstore_create(i->dir, "access", origin, keyring_secret(i->keyring, KEYRING_LOG),
                            &access, d);
    return e;
}

/* What a failed init made is taken back, so that it can be tried again. */
static void take_back(const struct init *i)
{
    static const char *const files[] = {"keyring",      "gov.key",      "lead.key",     "vault.db",
                                        "vault.db-wal", "vault.db-shm", "request.note", "lock"};
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++)
        (void)unlinkat(i->dir, files[f], 0);
    if (i->made_dir)
        (void)rmdir(state_dir(&i->o.state));
}

static int make(struct init *i)
{
    struct diag d = {0};
    struct hash hash;
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)1024 * 1024);
    enum err e = make_keys(i, &d);
    if (!e)
        e = make_stores(i, &d);
    i->keys.gov_passphrase = i->gov_passphrase;
    i->keys.lead_passphrase = i->lead_passphrase;
    if (!e)
        e = request_note(i->dir, i->keyring, &i->keys, clock_now_ms(), &note, &hash, &d);
    if (!e)
        e = file_create(i->dir, "request.note", buf_bytes(&note), 0600);
    if (e) {
        take_back(i);
        int code = e == ERR_FULL
                       ? complain(EXIT_CANTCREATE, "%s: the disk is full: make room and try again",
                                  shown(state_dir(&i->o.state)))
                       : complain_diag(e, state_dir(&i->o.state), &d);
        return code == EXIT_IO ? EXIT_CANTCREATE : code;
    }
    char finger[8 * 6];
    proquint_encode(bytes_of(hash.b, 16), finger);
    (void)printf("Node %s of %s is made in %s.\n\n", i->who.id, i->who.federation,
                 state_dir(&i->o.state));
    (void)printf("Recovery words: write them on paper now, they are shown this once. Who has them "
                 "can open the node.\n\n");
    for (int line = 0; line < 4; line++)
        (void)printf("    %.*s\n", 4 * 6 - 1, i->words + (size_t)line * 4 * 6);
    (void)printf("\nRequest for the consortium: %s/request.note\nIts fingerprint:            %s\n",
                 state_dir(&i->o.state), finger);
    (void)printf("Start the node:             " PROGRAM " serve --state %s\n",
                 state_dir(&i->o.state));
    return EXIT_OK;
}

int cmd_init(int argc, char **argv)
{
    CLEANUP(init_fini) struct init i = {.dir = -1, .lock = -1};
    const struct option_own own[] = {
        {.name = "federation",
         .value = "F",
         .about = "name of the consortium, e.g. fed.example/ward7",
         .text = &i.federation},
        {.name = "site",
         .value = "ID",
         .about = "this hospital's id, part of host names",
         .text = &i.site},
        {.name = "name",
         .value = "TEXT",
         .about = "this hospital's name as people write it",
         .text = &i.name},
        {.name = "lead", .about = "with a key that signs campaigns", .flag = &i.lead},
        {.name = "kdf",
         .value = "K",
         .about = "moderate (256 MiB), or interactive for tests",
         .text = &i.kdf},
        {.name = "gov-passphrase-file",
         .value = "F",
         .about = "passphrase of the governor key",
         .text = &i.gov_file},
        {.name = "lead-passphrase-file",
         .value = "F",
         .about = "passphrase of the lead key",
         .text = &i.lead_file},
    };
    options_parse(
        argc, argv, OPT_STATE | OPT_PASSPHRASE, own, sizeof own / sizeof own[0],
        "init --federation F --site ID --name TEXT [--lead]",
        "Makes keys, vault and access log in an empty folder and prints the recovery words once.",
        &i.o);
    if (i.o.done)
        return i.o.exit_code;
    int code = check_words(&i);
    if (!code)
        code = open_folder(&i);
    if (!code)
        code = get_passphrases(&i);
    if (!code)
        code = make(&i);
    return code;
}
