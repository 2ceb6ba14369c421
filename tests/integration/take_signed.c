/* take_signed.c - what a coordinator makes of governors' signatures that come one at a time: for coordinator.mjs.
 *
 * take_signed STATE PASSPHRASE_FILE KIND FILE... : a line a file, "kept", "in force" or "refused: why". */
#include "base/rng.h"
#include "coordinator/documents.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct diag d = {0};
    AUTO(app) a = NULL;
    enum document_kind kind = DOCUMENT_ROSTER;
    if (argc < 5 || !document_kind_of(argv[3], &kind))
        return 64;
    rng_start();
    struct state_options o = {.state = argv[1], .passphrase = {.fd = -1, .file = argv[2]}};
    enum err e = app_open(&o, &a, &d);
    for (int i = 4; i < argc && !e; i++) {
        CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)DOCUMENT_NOTE_MAX);
        CLEANUP(tx_end) struct tx tx = {0};
        struct taking t = {.known = false};
        d = (struct diag){0};
        e = file_read(AT_FDCWD, argv[i], DOCUMENT_NOTE_MAX, &note);
        if (!e)
            e = store_begin(a->store, &tx);
        if (e)
            break;
        enum err took = documents_propose(a, kind, buf_bytes(&note), PROPOSED_BY_SITE, &t, &d);
        if (took && !documents_refused(took))
            return 70;
        if (took)
            (void)printf("refused: %s\n", d.text);
        else
            (void)puts(t.in_force && !t.known ? "in force" : "kept");
        e = tx_commit(&tx);
        if (!e)
            e = app_reload(a, &d);
    }
    if (e)
        (void)fprintf(stderr, "%s %s\n", err_name(e), d.text);
    return e ? 70 : 0;
}
