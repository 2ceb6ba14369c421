/* start.c - the page of the node: what it says of itself to host/web, and what every answer of it may need. */
#include "node/page/page_inner.h"

#include "base/clock.h"
#include "node/desk/desk.h"
#include "node/gate/suspend.h"
#include "node/gate/uplink.h"
#include "web/embed/web_assets.h"

#include <stdlib.h>
#include <string.h>

/* In the order of the ROLE_ bits. */
static const char *const roles[] = {"annotator", "reviewer", "adjudicator", "steward",
                                    "auditor",   "admin",    NULL};

const char *page_address(const struct page *p)
{
    return web_address(p->web);
}

const char *page_origin(const struct page *p)
{
    return web_origin(p->web);
}

const char *page_where(const struct app *a)
{
    return a->config.listen;
}

static size_t body_limit(void *ctx, const char *method, const char *path)
{
    char param[WEB_PARAM];
    (void)ctx;
    /* A decision carries a document, as a draft does. */
    if ((strcmp(method, "PUT") == 0 && web_path_fits("/api/assignments/{id}/draft", path, param)) ||
        (strcmp(method, "POST") == 0 && web_path_fits("/api/items/{id}/decision", path, param)))
        return WEB_LIMIT_DRAFT + (strcmp(method, "POST") == 0 ? WEB_LIMIT : 0);
    return WEB_LIMIT;
}

static void asset(struct web *w, const char *path)
{
    const struct web_asset *a = web_asset_find(path);
    if (a == NULL) {
        web_error(w, 404, "notfound", "there is no such page");
        return;
    }
    web_asset(w, &(struct web_file){a->type, a->etag, a->immutable, bytes_of(a->raw, a->raw_len),
                                    bytes_of(a->gz, a->gz_len)});
}

static json_t *me(struct web *w, const struct person *p, const char *csrf)
{
    const struct keyring_identity *site = keyring_who(w->app->keyring);
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:b, s:{s:s, s:s}, s:s, s:o}", "user", p->user,
                     "name", p->name, "pseudonym", p->pseudonym, "roles", web_roles_json(p), "csrf",
                     csrf, "must_change", (int)p->must_change, "site", "id", site->id, "name",
                     site->name, "link", uplink_state(w->app->uplink), "suspended",
                     suspend_json(w->app));
}

static enum err left(struct web *w)
{
    return desk_release_reviews(w->app, w->who.pseudonym, clock_now_ms());
}

enum err page_start(struct app *a, struct page **out, struct diag *d)
{
    struct page *p = calloc(1, sizeof *p);
    if (p == NULL)
        return ERR_NOMEM;
    const struct web_config c = {.app = a,
                                 .page = p,
                                 .loop = a->loop,
                                 .people = vault_db(a->vault),
                                 .hasher = a->hasher,
                                 .id = keyring_who(a->keyring)->id,
                                 .listen = a->config.listen,
                                 .origin = a->config.origin,
                                 .conf = "node.conf",
                                 .what = "node",
                                 .idle_ms = a->config.idle_minutes * 60000,
                                 .login_ms = a->config.login_hours * 3600000,
                                 .routes = routes,
                                 .routes_count = routes_count,
                                 .roles = roles,
                                 .limit = body_limit,
                                 .asset = asset,
                                 .me = me,
                                 .left = left};
    enum err e = web_start(&c, &p->web, d);
    if (e) {
        free(p);
        return e;
    }
    *out = p;
    return OK;
}

void page_free(struct page *p)
{
    if (p == NULL)
        return;
    web_stop(p->web);
    free(p);
}

enum err page_forget_old(struct page *p, uint64_t now_ms)
{
    return web_forget_old(p->web, now_ms);
}

enum err page_end_logins(struct app *a, int64_t user)
{
    return logins_drop_user(vault_db(a->vault), user);
}
