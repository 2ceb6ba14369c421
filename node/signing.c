/* signing.c - notes under the lead key. */
#include "node/signing.h"

#include "base/hex.h"
#include "host/say.h"
#include "host/sealed_key.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>

enum { NOTE_MAX = 2 * 1024 * 1024 };

int signing_write(struct signing *s, const char *name, const struct document *doc)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(NOTE_MAX);
    enum err e = note_make(document_note(doc), &s->key, secret_borrow(s->seed), &b);
    secret_give_back(s->seed);
    if (!e)
        e = file_replace(s->dir, name, buf_bytes(&b), 0644);
    if (e)
        return complain(EXIT_CANTCREATE, "%s/%s: cannot be written (%s)", shown(s->path), name,
                        err_name(e));
    (void)printf("%s/%s  %s\n", s->path, name, hash_uri(document_hash(doc)).s);
    return EXIT_OK;
}

int signing_open(const struct state_options *o, const char *lead_file, struct signing *s)
{
    struct diag d = {0};
    AUTO_FD int dir = -1;
    AUTO(secret) passphrase = NULL;
    struct passphrase_source from = {.fd = -1,
                                     .file = lead_file,
                                     .credential = "lead-passphrase",
                                     .prompt = "Passphrase of the lead key"};
    const char *state = state_dir(o);
    enum err e = dir_open(AT_FDCWD, state, &dir);
    if (e)
        return complain(EXIT_NOINPUT, "%s: cannot be opened: name the lead's node with --state",
                        shown(state));
    e = sealed_key_public(dir, "lead.key", &s->key);
    if (e)
        return complain(EXIT_NOINPUT, "%s/lead.key: not there: this node was made without --lead",
                        shown(state));
    e = passphrase_get(&from, &passphrase, &d);
    if (!e)
        e = sealed_key_open(dir, "lead.key", passphrase, &s->seed, &d);
    return e ? complain_diag(e, shown(state), &d) : EXIT_OK;
}
