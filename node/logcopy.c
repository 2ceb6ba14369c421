/* logcopy.c - `log access DIR`. */
#include "node/logcopy.h"

#include "base/clock.h"
#include "host/say.h"
#include "io/files.h"
#include "node/access.h"
#include "node/calls.h"

#include <fcntl.h>

enum { POLICY_MAX = 1024 };

int log_copy(struct door *d, const char *cmd, const char *dir, door_fn *fn, void *ctx)
{
    AUTO_FD int fd = -1;
    enum err e = dir_make(AT_FDCWD, dir, 0700);
    if (!e)
        e = dir_open(AT_FDCWD, dir, &fd);
    if (e)
        return complain(EXIT_CANTCREATE, "%s: cannot be made or opened as a folder (%s)",
                        shown(dir), err_name(e));
    return door_ask(d, json_pack("{s:s, s:s}", "cmd", cmd, "by", app_system_user()), &fd, 1, fn,
                    ctx);
}

/* An auditor's copy is itself an event of the log: it shows who had which person's reads in hand. */
static enum err copy(struct call *c, struct buf *policy, struct checkpoint *cp, struct diag *d)
{
    struct app *a = c->app;
    struct event ev = {.kind = EVENT_EXPORT,
                       .export = {.user = call_text(c, "by"),
                                  .role = "command",
                                  .purpose = "access log",
                                  .campaign = "",
                                  .outcome = "copied"}};
    enum err e = access_append(a, &ev);
    if (!e)
        e = access_sync(a);
    if (!e)
        e = logstore_copy(a->access, clock_now_ms(), c->fds[0], ".", cp, d);
    return e ? e : logstore_policy_put(a->access, policy);
}

void call_log_access(struct call *c)
{
    CLEANUP(buf_fini) struct buf policy = BUF_INIT(POLICY_MAX);
    struct checkpoint cp = {0};
    struct diag d = {0};
    enum err e = c->fds[0] < 0 ? ERR_INVALID : copy(c, &policy, &cp, &d);
    if (e) {
        if (e == ERR_CONFLICT && d.text[0] == '\0')
            (void)diag_set(&d, e, "the folder is not empty: name a new one");
        call_end_diag(c, e, "log access", &d);
        return;
    }
    call_row(c, json_pack("{s:s, s:I, s:s}", "policy", buf_cstr(&policy), "size",
                          (json_int_t)cp.size, "origin", cp.origin));
    call_end(c, EXIT_OK, NULL);
}
