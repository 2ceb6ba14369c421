/* app.h - the node itself: one state directory, opened by the daemon, or by a command while no daemon runs. */
#pragma once

#include "base/cleanup.h"
#include "base/diag.h"
#include "core/identity/document.h"
#include "host/keyring.h"
#include "host/logstore.h"
#include "host/options.h"
#include "io/loop.h"
#include "io/worker.h"
#include "node/config.h"
#include "node/vault/suspension.h"
#include "node/vault/vault.h"

enum { APP_PATH = 1024, APP_ORIGIN = 201 };

/* What crossed the wall so far, counted on from entry to entry of the exchange log (gate/left.c). */
struct crossed {
    uint64_t upto;
    uint64_t out_n, out_bytes, in_n, in_bytes;
};

struct app {
    char state[APP_PATH]; /* as given */
    char vault_path[APP_PATH];
    int dir;  /* the state directory */
    int run;  /* run/ below it */
    int lock; /* held as long as this lives */
    struct config config;
    struct keyring *keyring;
    struct vault *vault;        /* the keeper's connection */
    struct vault *worker_vault; /* the worker's own; offline the same as vault */
    struct logstore *access;
    uint64_t started_ms;
    uint64_t last_anchor_ms;
    struct document *roster; /* in force, NULL: none (consortium.h) */
    struct document *policy;
    struct crossed crossed;
    struct suspension suspension; /* of the wall, by a person (gate/suspend.h) */
    bool access_failed;           /* an append failed: no record is shown until one succeeds */
    /* Only in the daemon: */
    struct loop *loop;
    struct worker *worker; /* import, figures, export, checkpoints */
    struct worker *hasher; /* passwords */
    struct page *page;
    struct admin *admin;
    struct uplink *uplink;      /* NULL: this site stands alone */
    struct import_job *import;  /* one at a time */
    struct campaign *campaigns; /* read once: desk/campaigns.h */
};

/* Lock, configuration, keyring, vault, access log, freshness. d says what is wrong and what to do.
 * ERR_NOTFOUND: no node there. ERR_AGAIN: another process has it. ERR_DENIED: passphrase. ERR_CORRUPT: damage or ROLLBACK. */
enum err app_open(const struct state_options *o, struct app **out, struct diag *d);
void app_free(struct app *a); /* accepts NULL and half-built */
DEFINE_AUTO(app)

/* `<federation>/<site>` and, with suffix, e.g. "/access"; into a buffer of APP_ORIGIN bytes. */
const char *app_origin(const struct app *a, const char *suffix, char out[APP_ORIGIN]);
/* Who runs this process, for logs: "uid:1000" or the system's name. Static. */
const char *app_system_user(void);

/* Writes {newest revision, its hash} to the access log, durable on OK (log-and-security.md 10). */
enum err app_anchor(struct app *a);
