/* vault_version.c - gives a vault another version, as a newer program would: vault_version STATE PASSPHRASE_FILE VERSION. */
#include "base/rng.h"
#include "base/text.h"
#include "host/keyring.h"
#include "host/passphrase.h"
#include "io/db.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    char path[1024];
    struct diag d = {0};
    uint64_t version = 0;
    AUTO_FD int dir = -1;
    AUTO(secret) passphrase = NULL;
    AUTO(keyring) k = NULL;
    AUTO(db) db = NULL;
    rng_start();
    if (argc != 4 || parse_u64_str(argv[3], UINT32_MAX, &version))
        return 64;
    struct passphrase_source from = {.fd = -1, .file = argv[2]};
    (void)snprintf(path, sizeof path, "%s/vault.db", argv[1]);
    enum err e = dir_open(AT_FDCWD, argv[1], &dir);
    if (!e)
        e = passphrase_get(&from, &passphrase, &d);
    if (!e)
        e = keyring_open(dir, passphrase, &k, &d);
    if (!e)
        e = db_open(path, keyring_secret(k, KEYRING_DATABASE), false, &db, &d);
    if (!e)
        e = db_set_user_version(db, (uint32_t)version);
    if (e)
        (void)fprintf(stderr, "vault_version: %s %s\n", err_name(e), d.text);
    return e != OK;
}
