/* app.h - the coordinator itself: one state directory, opened by one process at a time. */
#pragma once

#include "base/cleanup.h"
#include "base/diag.h"
#include "coordinator/store/store.h"
#include "core/identity/governance.h"
#include "host/keyring.h"
#include "host/options.h"

enum { APP_PATH = 1024 };

struct app {
    char state[APP_PATH]; /* as given */
    int dir, lock;
    struct keyring *keyring;
    struct store *store;
    struct document *roster, *policy; /* in force; NULL: none */
};

/* Lock, keyring, store, documents. ERR_NOTFOUND: no coordinator there. ERR_AGAIN: another process has it. ERR_DENIED: the
 * passphrase. d says what to do. */
enum err app_open(const struct state_options *o, struct app **out, struct diag *d);
void app_free(struct app *a);
DEFINE_AUTO(app)

/* Reads the documents in force anew, after a change. */
enum err app_reload(struct app *a, struct diag *d);

/* "<state>/store.db" */
void app_store_path(const char *state, char out[APP_PATH]);
