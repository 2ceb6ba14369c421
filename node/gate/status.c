/* status.c - what this node says of itself: whole numbers and words of short lists. */
#include "node/gate/status.h"

#include "base/clock.h"
#include "base/hex.h"
#include "core/identity/governance.h"
#include "node/desk/campaigns.h"
#include "node/gate/gate.h"
#include "node/vault/documents.h"

#include <string.h>
#include <sys/statvfs.h>

enum { DISK_LOW = 1024 * 1024 * 1024 };

struct waiting {
    uint64_t n, oldest_ms;
};

static enum err count_waiting(void *ctx, const struct doc_row *row, const char *title)
{
    struct waiting *w = ctx;
    (void)title;
    if (strcmp(row->state, "waiting") != 0)
        return OK;
    w->n++;
    if (w->oldest_ms == 0 || row->received_ms < w->oldest_ms)
        w->oldest_ms = row->received_ms;
    return OK;
}

static const char *disk_state(const struct app *a)
{
    struct statvfs v;
    if (fstatvfs(a->dir, &v) != 0)
        return "ok";
    uint64_t room = (uint64_t)v.f_bavail * v.f_frsize;
    if (room == 0)
        return "full";
    return room < DISK_LOW ? "low" : "ok";
}

/* "1.2.3" as 1002003. */
static uint64_t software(void)
{
    uint64_t part = 0;
    uint64_t whole = 0;
    for (const char *c = CLOISTER_VERSION; *c != '\0'; c++) {
        if (*c == '.') {
            whole = (whole + part) * 1000;
            part = 0;
        } else {
            part = part * 10 + (uint64_t)(*c - '0');
        }
    }
    return whole + part;
}

/* Which version of each guideline people here label by. */
struct versions {
    struct app *app;
    size_t n;
    struct guideline_version list[BODY_ITEMS_MAX];
};

static enum err add_version(struct versions *v, const struct campaign *c, const char *kind,
                            const char *hash)
{
    struct doc_row row;
    struct hash h;
    bool found = false;
    enum err e = hash == NULL ? ERR_CORRUPT : hash_parse_uri(bytes_str(hash), &h);
    if (!e)
        e = documents_find(v->app->vault, h, &found, &row);
    if (e || !found || v->n == BODY_ITEMS_MAX)
        return e;
    v->list[v->n++] = (struct guideline_version){c->hash, bytes_str(kind), row.version};
    return OK;
}

static enum err add_campaign(void *ctx, struct campaign *c)
{
    const char *kind = NULL;
    json_t *hash = NULL;
    enum err e = OK;
    json_object_foreach(c->guidelines, kind, hash)
    {
        if (!e)
            e = add_version(ctx, c, kind, json_string_value(hash));
    }
    return e;
}

enum err status_say(struct app *a)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    struct waiting w = {.n = 0};
    struct versions v = {.app = a, .n = 0};
    uint64_t now = clock_now_ms();
    enum err e = documents_inbox(a->vault, NULL, count_waiting, &w);
    if (!e)
        e = campaigns_each_open(a, add_campaign, &v);
    struct body b = {
        .kind = BODY_STATUS,
        .status = {.software = software(),
                   .roster = a->roster == NULL ? 0 : document_version(a->roster),
                   .policy = a->policy == NULL ? 0 : document_version(a->policy),
                   .pending = w.n,
                   .oldest_s = w.n == 0 || now < w.oldest_ms ? 0 : (now - w.oldest_ms) / 1000,
                   .disk = bytes_str(disk_state(a)),
                   .n_guidelines = v.n,
                   .guidelines = v.list}};
    if (!e)
        e = vault_begin(a->vault, &tx);
    if (!e)
        e = gate_offer(a, &b, now);
    return e ? e : vault_commit(&tx);
}
