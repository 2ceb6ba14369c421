/* copy.c - a copy of one exchange log for an auditor. */
#include "base/clock.h"
#include "coordinator/members/relay.h"
#include "core/identity/note.h"
#include "host/logcopy.h"
#include "io/files.h"

enum { CHECKPOINT_NOTE_MAX = 64 * 1024 };

/* Nothing is signed for it: after a start the site may know a newer checkpoint than we (log-and-security.md 3.9). */
static enum err copy_signed(struct member *m, int to, struct checkpoint *out, struct diag *d)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(CHECKPOINT_NOTE_MAX);
    AUTO_FD int from = -1;
    struct checkpoint c = logstore_checkpoint(m->log);
    enum err e = dir_open(m->relay->log, m->party.id, &from);
    if (!e)
        e = file_read(from, "checkpoint", CHECKPOINT_NOTE_MAX, &note);
    if (!e)
        e = logcopy(from, to, &c, buf_bytes(&note), d);
    if (!e)
        *out = c;
    return e;
}

enum err member_copy(struct member *m, int to, struct checkpoint *out, struct diag *d)
{
    if (!link_may_sign(linkdrv_link(m->drv)))
        return copy_signed(m, to, out, d);
    return logstore_copy(m->log, clock_now_ms(), to, ".", out, d);
}
