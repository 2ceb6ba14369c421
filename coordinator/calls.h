/* calls.h - what commands ask: of the running daemon over run/admin.sock, or of the state directory where none runs.
 *
 * A request is a JSON object with `cmd`; `log_settle` brings a descriptor of an empty folder, `install` and `propose` one
 * of a file. Answers: {"row":...} any number of
 * times, then {"end":{"exit","text"}}. */
#pragma once

#include "coordinator/app.h"
#include "coordinator/members/relay.h"
#include "core/json/json.h"
#include "host/admin.h"
#include "io/worker.h"

/* The daemon's side. Borrows all of it. */
struct calls {
    struct relay *relay;
    struct admin *admin;
    const char *listening; /* "" where it does not yet */
    const char *page;      /* where the operator's page listens; "" where it does not yet */
    struct worker *hasher; /* passwords */
};

struct admin_events calls_events(struct calls *c);

/* One row a site, and one about the coordinator first. relay NULL: no daemon runs. */
typedef void calls_row_fn(void *ctx, json_t *row); /* takes the row */
enum err calls_status(struct app *a, struct relay *r, const char *listening, calls_row_fn *fn,
                      void *ctx);
/* What an auditor needs to judge the copy. */
enum err calls_copied(struct member *m, const struct checkpoint *c, json_t **out);
/* Installs or proposes what the file holds; *row is what became of it. `changed` (NULL: nobody) is told of what sites are to learn. */
enum err calls_take(struct app *a, bool propose, enum document_kind kind, int file,
                    struct relay *changed, json_t **row, struct diag *d);
