/* ask.c - a command asks the running daemon over run/admin.sock. */
#include "coordinator/ask.h"

#include "host/admin.h"
#include "host/say.h"
#include "io/files.h"

#include <fcntl.h>

bool ask_reach(const struct state_options *o, int *out)
{
    AUTO_FD int dir = -1;
    AUTO_FD int run = -1;
    return dir_open(AT_FDCWD, state_dir(o), &dir) == OK && dir_open(dir, "run", &run) == OK &&
           admin_connect(run, out) == OK;
}

static int hear(int fd, ask_row_fn *fn, void *ctx)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(ADMIN_MAX);
    for (;;) {
        AUTO_JSON message = NULL;
        enum err e = admin_hear(fd, &b);
        if (!e)
            e = json_read(buf_bytes(&b), ADMIN_MAX, &message, NULL);
        if (e)
            return complain(EXIT_UNAVAILABLE, "the daemon went away in mid-answer: see its log, "
                                              "start it again, and repeat the command");
        const json_t *row = json_object_get(message, "row");
        const json_t *end = json_object_get(message, "end");
        if (row != NULL)
            fn(ctx, row);
        if (end == NULL)
            continue;
        int code = (int)json_integer_value(json_object_get(end, "exit"));
        return json_text(end, "text")[0] == '\0' ? code
                                                 : complain(code, "%s", json_text(end, "text"));
    }
}

/* Takes the request. */
int ask_daemon(int fd, json_t *request, const int *with, ask_row_fn *fn, void *ctx)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(ADMIN_MAX);
    enum err e = request == NULL ? ERR_INVALID : json_canonical(request, &b);
    json_decref(request);
    if (!e)
        e = admin_say(fd, buf_bytes(&b), with, with == NULL ? 0 : 1);
    return e ? complain(exit_of(e), "the daemon cannot be asked (%s)", err_name(e))
             : hear(fd, fn, ctx);
}
