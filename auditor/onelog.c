/* onelog.c - opening a log's folder and running the pass over it. */
#include "onelog.h"

#include "io/files.h"

#include <fcntl.h>

void onelog_fini(struct onelog *x)
{
    pass_free(x->pass);
    x->pass = NULL;
    trace_fini(&x->trace);
    findings_fini(&x->found);
    fd_auto(&x->fd);
    x->fd = -1;
}

bool onelog_init(struct onelog *x)
{
    *x = (struct onelog){.fd = -1, .pass = pass_new()};
    findings_init(&x->found);
    if (x->pass != NULL)
        x->pass->found = &x->found;
    return x->pass != NULL;
}

/* False where nothing can be verified for want of a checkpoint. */
static bool open_checkpoint(struct pass *p, const struct policy *policy)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(LOGDIR_NOTE_MAX);
    struct mark m = {.kind = MARK_CHECKPOINT};
    enum err e = logdir_read(&p->dir, "checkpoint", LOGDIR_NOTE_MAX, FINDING_LOG, &b);
    if (e == ERR_NOTFOUND)
        finding_add(p->found, E_READ, FINDING_LOG, "there is no checkpoint");
    if (e)
        return false;
    e = checkpoint_open(policy, buf_bytes(&b), &p->checkpoint, &m.quorum);
    if (e) {
        p->found->nomem = p->found->nomem || e == ERR_NOMEM;
        finding_add(p->found, E_CP_SIG, FINDING_LOG,
                    e == ERR_INVALID    ? "the checkpoint is malformed"
                    : e == ERR_NOTFOUND ? "the checkpoint is of a log that the policy does not name"
                                        : "the checkpoint has no valid signature of its log");
        return false;
    }
    m.size = p->checkpoint.size;
    m.root = p->checkpoint.root;
    memcpy(p->found->log, p->checkpoint.origin, sizeof p->found->log);
    if (marks_add(&p->marks, m))
        p->found->nomem = true;
    return true;
}

static const struct vkey *peer_of(const struct policy *policy, const char *origin)
{
    static const struct vkey nobody;
    const struct vkey *logs = NULL;
    size_t n = policy_logs(policy, &logs);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(logs[i].name, origin) != 0)
            return &logs[i];
    }
    return &nobody; /* an access log has none */
}

bool onelog_stands(const struct onelog *x)
{
    const bool *seen = x->found.seen;
    return x->opened && !x->pass->stopped && !seen[E_ROOT] && !seen[E_TILE];
}

static void judge_marks(struct onelog *x)
{
    struct pass *p = x->pass;
    bool stands = onelog_stands(x);
    receipts_end(&p->messages.receipts, stands);
    /* One missing bundle would turn everything into a fork (5.1.5). */
    if (stands)
        marks_judge(&p->marks, p->found, p->checkpoint.size);
    if (!p->have_quorum)
        finding_add(p->found, QUORUM, FINDING_LOG,
                    "no checkpoint has the cosignatures that the policy asks for");
}

static void run(struct onelog *x, const struct policy *policy, struct keys *keys)
{
    struct pass *p = x->pass;
    const struct vkey *peer = peer_of(policy, p->checkpoint.origin);
    messages_init(&p->messages, p->found, keys, p->checkpoint.origin, peer);
    marks_read_cp(&p->marks, &p->dir, policy, p->checkpoint.origin);
    if (p->access && logdir_is_folder(&p->dir, "peer"))
        finding_add(p->found, E_LAYOUT, FINDING_LOG, "an access log has no peer/");
    else if (!p->access)
        marks_check_peer(&p->dir, policy, peer->name, &p->messages.receipts);
    marks_sort(&p->marks);
    p->have_quorum = marks_quorum(&p->marks, p->checkpoint.size, &p->quorum_size);
    p->messages.receipts.pending_from = x->crossed       ? UINT64_MAX
                                        : p->have_quorum ? p->quorum_size
                                                         : 0;
    p->messages.trace = p->messages.receipts.trace = x->crossed ? &x->trace : NULL;
    p->messages.shown = x->shown;
    pass_run(p);
    layout_check_tiles(&p->dir, p->checkpoint.size);
    layout_check_frames(&p->dir, &p->named);
    judge_marks(x);
}

bool onelog_open(struct onelog *x, const char *folder, const struct policy *policy)
{
    enum err e = dir_open(AT_FDCWD, folder, &x->fd);
    x->absent = e == ERR_NOTFOUND;
    if (e && !x->absent)
        finding_add(&x->found, e == ERR_INVALID ? E_LINK : E_READ, FINDING_LOG,
                    "%s: no folder that can be read", folder);
    x->pass->dir = (struct logdir){.fd = x->fd, .found = &x->found};
    x->opened = !e && open_checkpoint(x->pass, policy);
    return x->opened;
}

void onelog_verify(struct onelog *x, const struct policy *policy, struct keys *keys)
{
    if (x->opened)
        run(x, policy, keys);
}
