/* page.c - the operator's page: what it says of itself to host/web. */
#include "base/clock.h"
#include "coordinator/page/page_in.h"
#include "coordinator/store/watch.h"
#include "web/embed/web_assets.h"

#include <stdlib.h>

enum { IDLE_MS = 15 * 60 * 1000, LOGIN_MS = 10 * 3600 * 1000 };

const char *const page_roles[] = {"operator", NULL};

const struct route routes[] = {
    {"POST", "/api/login", ROLE_NOBODY, ROUTE_BODY, route_login},
    {"POST", "/api/logout", ROLE_OPERATOR, ROUTE_MUST_CHANGE, route_logout},
    {"POST", "/api/password", ROLE_OPERATOR, ROUTE_BODY | ROUTE_MUST_CHANGE, route_password},
    {"GET", "/api/me", ROLE_OPERATOR, ROUTE_MUST_CHANGE, route_me},

    {"GET", "/api/sites", ROLE_OPERATOR, 0, route_sites},
    {"GET", "/api/campaigns", ROLE_OPERATOR, 0, route_campaigns},
    {"GET", "/api/documents/{hash}", ROLE_OPERATOR, 0, route_document},
    {"GET", "/api/status", ROLE_OPERATOR, 0, route_status},
    {"GET", "/api/rounds", ROLE_OPERATOR, 0, route_rounds},
    {"GET", "/api/results", ROLE_OPERATOR, 0, route_results},
    {"GET", "/api/users", ROLE_OPERATOR, 0, route_users},

    {"GET", "/api/openapi.json", ROLE_NOBODY, 0, route_openapi},
    {"GET", "/metrics", ROLE_NOBODY, 0, route_metrics},
    {"GET", "/healthz", ROLE_NOBODY, 0, route_health},
};
const size_t routes_count = sizeof routes / sizeof routes[0];

const char *page_address(const struct page *p)
{
    return web_address(p->web);
}

const char *page_origin(const struct page *p)
{
    return web_origin(p->web);
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
    const struct keyring_identity *who = keyring_who(w->app->keyring);
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:b, s:{s:s, s:s}, s:s}", "user", p->user, "name",
                     p->name, "pseudonym", p->pseudonym, "roles", web_roles_json(p), "csrf", csrf,
                     "must_change", (int)p->must_change, "site", "id", who->id, "name", who->name,
                     "federation", who->federation);
}

enum err page_start(struct calls *calls, const struct config *config, struct worker *hasher,
                    struct page **out, struct diag *d)
{
    struct app *a = calls->relay->app;
    struct page *p = calloc(1, sizeof *p);
    if (p == NULL)
        return ERR_NOMEM;
    p->calls = calls;
    p->started_ms = clock_now_ms();
    const struct web_config c = {.app = a,
                                 .page = p,
                                 .loop = calls->relay->loop,
                                 .people = store_people(a->store),
                                 .hasher = hasher,
                                 .id = keyring_who(a->keyring)->id,
                                 .listen = config->page,
                                 .origin = config->origin,
                                 .conf = "coordinator.conf",
                                 .what = "coordinator",
                                 .idle_ms = IDLE_MS,
                                 .login_ms = LOGIN_MS,
                                 .routes = routes,
                                 .routes_count = routes_count,
                                 .roles = page_roles,
                                 .asset = asset,
                                 .me = me};
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
