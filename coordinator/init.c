/* init.c - `init`: keys, store, and the request that names every public key. */
#include "base/clock.h"
#include "coordinator/app.h"
#include "coordinator/commands.h"
#include "host/names.h"
#include "host/request.h"
#include "host/say.h"
#include "io/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct init {
    struct options o;
    const char *federation, *id, *name, *kdf;
    struct keyring_identity who;
    int dir, lock;
    bool made_dir;
    char words[RECOVERY_TEXT];
    struct keyring *keyring;
};

static void init_fini(struct init *i)
{
    sodium_memzero(i->words, sizeof i->words);
    keyring_free(i->keyring);
    fd_auto(&i->dir);
    fd_auto(&i->lock);
}

static int check_words(struct init *i)
{
    if (i->federation == NULL || i->id == NULL || i->name == NULL)
        return complain(EXIT_USAGE, "init wants --federation, --id and --name");
    if (!names_federation_ok(i->federation))
        return complain(EXIT_USAGE, "--federation %s: write a name like fed.example/ward7",
                        shown(i->federation));
    if (!names_id_ok(i->id))
        return complain(EXIT_USAGE, "--id %s: lower-case letters, digits and -, at most 31",
                        shown(i->id));
    if (!names_text_ok(i->name))
        return complain(EXIT_USAGE, "--name: one line of 1 to 200 characters");
    if (i->kdf != NULL && strcmp(i->kdf, "interactive") != 0 && strcmp(i->kdf, "moderate") != 0)
        return complain(EXIT_USAGE, "--kdf is interactive or moderate");
    (void)snprintf(i->who.federation, sizeof i->who.federation, "%s", i->federation);
    (void)snprintf(i->who.id, sizeof i->who.id, "%s", i->id);
    (void)snprintf(i->who.name, sizeof i->who.name, "%s", i->name);
    return EXIT_OK;
}

static int open_folder(struct init *i)
{
    const char *state = state_dir(&i->o.state);
    if (mkdir(state, 0700) == 0)
        i->made_dir = true;
    else if (errno != EEXIST)
        return complain(EXIT_CANTCREATE, "%s: cannot be made: choose a folder you may write to",
                        shown(state));
    enum err e = dir_open(AT_FDCWD, state, &i->dir);
    if (!e)
        e = file_lock(i->dir, "lock", &i->lock);
    if (e)
        return complain(EXIT_CANTCREATE, "%s: cannot be taken (%s): is it writable, and nobody's?",
                        shown(state), err_name(e));
    if (file_exists(i->dir, "keyring") || file_exists(i->dir, "store.db"))
        return complain(EXIT_CANTCREATE,
                        "%s: there is a coordinator already: choose another --state", shown(state));
    return EXIT_OK;
}

static enum err make(struct init *i, struct hash *hash, struct diag *d)
{
    char path[APP_PATH];
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)1024 * 1024);
    AUTO(secret) passphrase = NULL;
    AUTO(store) store = NULL;
    struct request_keys keys = {.coordinator = true};
    bool quick = i->kdf != NULL && strcmp(i->kdf, "interactive") == 0;
    i->o.state.passphrase.twice = true;
    i->o.state.passphrase.prompt = "New passphrase of the coordinator";
    enum err e = passphrase_get(&i->o.state.passphrase, &passphrase, d);
    if (!e)
        e = keyring_create(i->dir, &i->who, passphrase, quick ? KDF_INTERACTIVE : KDF_MODERATE,
                           i->words, &i->keyring);
    app_store_path(state_dir(&i->o.state), path);
    if (!e)
        e = store_create(path, keyring_secret(i->keyring, KEYRING_DATABASE), &store, d);
    if (!e)
        e = request_note(i->dir, i->keyring, &keys, clock_now_ms(), &note, hash, d);
    return e ? e : file_create(i->dir, "request.note", buf_bytes(&note), 0600);
}

/* What a failed init made is taken back, so that it can be tried again. */
static void take_back(const struct init *i)
{
    static const char *const files[] = {"keyring",      "store.db",     "store.db-wal",
                                        "store.db-shm", "request.note", "lock"};
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++)
        (void)unlinkat(i->dir, files[f], 0);
    if (i->made_dir)
        (void)rmdir(state_dir(&i->o.state));
}

static int run(struct init *i)
{
    struct diag d = {0};
    struct hash hash;
    char finger[FINGERPRINT_TEXT];
    const char *state = state_dir(&i->o.state);
    enum err e = make(i, &hash, &d);
    if (e) {
        take_back(i);
        int code = complain_diag(e, shown(state), &d);
        return code == EXIT_IO ? EXIT_CANTCREATE : code;
    }
    document_fingerprint(hash, finger);
    (void)printf("Coordinator %s of %s is made in %s.\n\nRecovery words: write them on paper now, "
                 "they are shown this once.\n\n",
                 i->who.id, i->who.federation, state);
    for (int line = 0; line < 4; line++)
        (void)printf("    %.*s\n", 4 * 6 - 1, i->words + (size_t)line * 4 * 6);
    (void)printf("\nRequest for the consortium: %s/request.note\nIts fingerprint:            %s\n"
                 "It binds nothing before a roster is installed: %s roster install FILE\n",
                 state, finger, program_name());
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
        {.name = "id", .value = "ID", .about = "the coordinator's id", .text = &i.id},
        {.name = "name", .value = "TEXT", .about = "its name as people write it", .text = &i.name},
        {.name = "kdf",
         .value = "K",
         .about = "moderate (256 MiB), or interactive for tests",
         .text = &i.kdf},
    };
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE, own, sizeof own / sizeof own[0],
                  "init --federation F --id ID --name TEXT",
                  "Makes keys and store in an empty folder and prints the recovery words once.",
                  &i.o);
    if (i.o.done)
        return i.o.exit_code;
    int code = check_words(&i);
    if (!code)
        code = open_folder(&i);
    return code ? code : run(&i);
}
