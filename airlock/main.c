/* main.c - cloister-airlock dealer|router: the one process with a socket to the outside; resolve NAME: what it cannot do itself.
 * Started by a daemon, never by hand. */
#include "airlock/airlock.h"
#include "airlock/resolve.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_FINE = 0, EXIT_USAGE_BAD = 64, EXIT_FAULT = 70 };

static int serve(enum zchan_kind kind)
{
    AUTO(airlock_process) a = NULL;
    const char *where = "";
    enum err e = airlock_process_start(kind, &a, &where);
    if (e) {
        LOG_ERROR("airlock.start", e, "cannot %s", where);
        return EXIT_FAULT;
    }
    e = airlock_process_serve(a);
    if (e) {
        LOG_ERROR("airlock.ended", e, "the pipe or libzmq failed");
        return EXIT_FAULT;
    }
    return EXIT_FINE;
}

int main(int argc, char **argv)
{
    int status = EXIT_USAGE_BAD;
    if (argc == 2 && strcmp(argv[1], "dealer") == 0)
        status = serve(ZCHAN_DEALER);
    else if (argc == 2 && strcmp(argv[1], "router") == 0)
        status = serve(ZCHAN_ROUTER);
    else if (argc == 3 && strcmp(argv[1], "resolve") == 0)
        status = resolve(argv[2]);
    else
        (void)fputs(
            "Usage: cloister-airlock dealer|router|resolve NAME\n\nStarted by cloister-node "
            "and cloister-coordinator, the first two with a socket as descriptor 3.\n",
            stderr);
    /* All is freed. What libraries do at exit calls what the sandbox refuses. */
    _exit(status);
}
