/* web.c - a request's way in: Host, Origin, login, CSRF, route. Everything is refused that is not wanted
 * (log-and-security.md 11). */
#include "host/web_in.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/sha256.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void web_free(void *data)
{
    struct web *w = data;
    if (w->ctx_free != NULL)
        w->ctx_free(w->ctx);
    json_decref(w->body);
    free(w);
}

/* --- checks --- */

static unsigned roles_of(const struct site_web *s, const struct person *p)
{
    unsigned bits = 0;
    for (unsigned i = 0; s->c.roles[i] != NULL; i++)
        bits |= person_has(p, s->c.roles[i]) ? 1U << i : 0U;
    return bits;
}

static bool host_ok(const struct site_web *p, const char *host)
{
    for (size_t i = 0; host != NULL && i < p->host_count; i++) {
        if (strcmp(host, p->hosts[i]) == 0)
            return true;
    }
    return false;
}

/* Scheme and Host of this request: what a page of ours sends. */
static bool origin_ok(const struct site_web *p, struct httpd_request *r)
{
    char own[WEB_HOST + 16];
    const char *origin = httpd_header_in(r, "Origin");
    const char *site = httpd_header_in(r, "Sec-Fetch-Site");
    if (origin == NULL || (site != NULL && strcmp(site, "same-origin") != 0))
        return false;
    (void)snprintf(own, sizeof own, "http://%s", httpd_header_in(r, "Host"));
    return strcmp(origin, own) == 0 || strcmp(origin, p->origin) == 0;
}

static enum err find_login(struct web *w)
{
    bool found = false;
    uint64_t now = clock_now_ms();
    uint8_t raw[32];
    const char *cookie = httpd_cookie(w->r, w->site->cookie);
    if (cookie == NULL || hex_decode(bytes_str(cookie), raw, sizeof raw))
        return OK;
    enum err e =
        logins_find(w->site->c.people, sha256_of(bytes_of(raw, sizeof raw)), &found, &w->login);
    if (e || !found)
        return e;
    if (now - w->login.seen_ms > w->site->c.idle_ms || now - w->login.made_ms > w->site->c.login_ms)
        return logins_drop(w->site->c.people, w->login.token);
    e = people_find_id(w->site->c.people, w->login.user, &w->who);
    if (e)
        return e == ERR_NOTFOUND ? OK : e;
    w->has_login = !w->who.disabled;
    /* Not a write for each request; and what a page asks of itself is no sign that a person is there. */
    if (now - w->login.seen_ms < 20000 || httpd_header_in(w->r, "X-Cloister-Poll") != NULL)
        return OK;
    return logins_seen(w->site->c.people, w->login.token, now);
}

static bool csrf_ok(const struct web *w)
{
    const char *token = httpd_header_in(w->r, "X-Cloister-CSRF");
    return token != NULL && strlen(token) == strlen(w->login.csrf) &&
           sodium_memcmp(token, w->login.csrf, strlen(token)) == 0;
}

static bool unsafe_method(const char *method)
{
    return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;
}

/* --- routing --- */

/* Does the path fit, and what stands for {..}? */
bool web_path_fits(const char *pattern, const char *path, char param[WEB_PARAM])
{
    const char *open = strchr(pattern, '{');
    size_t before = open == NULL ? strlen(pattern) : (size_t)(open - pattern);
    param[0] = '\0';
    if (strncmp(path, pattern, before) != 0)
        return false;
    if (open == NULL)
        return path[before] == '\0';
    const char *after = strchr(open, '}') + 1;
    size_t n = strcspn(path + before, "/");
    if (n == 0 || n >= WEB_PARAM || strcmp(path + before + n, after) != 0)
        return false;
    memcpy(param, path + before, n);
    param[n] = '\0';
    return true;
}

static const struct route *find_route(const struct web_config *c, const char *method,
                                      const char *path, char param[WEB_PARAM], bool *known)
{
    *known = false;
    for (size_t i = 0; i < c->routes_count; i++) {
        if (!web_path_fits(c->routes[i].path, path, param))
            continue;
        *known = true;
        if (strcmp(c->routes[i].method, method) == 0 ||
            (strcmp(method, "HEAD") == 0 && strcmp(c->routes[i].method, "GET") == 0))
            return &c->routes[i];
    }
    return NULL;
}

static bool body_ok(struct web *w, const struct route *route)
{
    struct diag d = {0};
    const char *type = httpd_header_in(w->r, "Content-Type");
    if (!(route->flags & (ROUTE_BODY | ROUTE_RAW)))
        return true;
    size_t n = type == NULL ? 0 : strcspn(type, "; ");
    if (n != 16 || strncmp(type, "application/json", 16) != 0) {
        web_error(w, 400, "type", "the body must be application/json");
        return false;
    }
    if (route->flags & ROUTE_RAW)
        return true;
    enum err e = json_read(httpd_body(w->r), WEB_LIMIT, &w->body, &d);
    if (!e && json_is_object(w->body))
        return true;
    web_error_at(w, e == ERR_TOOBIG ? 413 : 400, "malformed", "",
                 e ? d.text : "the body must be an object");
    return false;
}

static bool rights_ok(struct web *w, const struct route *route)
{
    if (route->roles == ROLE_NOBODY)
        return true;
    if (!w->has_login) {
        web_error(w, 401, "login", "please sign in");
        return false;
    }
    if (unsafe_method(httpd_method(w->r)) && !csrf_ok(w)) {
        web_error(w, 403, "csrf",
                  "the CSRF token is missing or of another login: load the page again");
        return false;
    }
    if (w->who.must_change && !(route->flags & ROUTE_MUST_CHANGE)) {
        web_error(w, 403, "must_change", "choose a password of your own first");
        return false;
    }
    if ((roles_of(w->site, &w->who) & route->roles) == 0) {
        web_error(w, 403, "role", "your roles (%s) do not allow this", w->who.roles);
        return false;
    }
    return true;
}

void web_request(void *ctx, struct httpd_request *r)
{
    struct site_web *s = ctx;
    bool known = false;
    struct web *w = calloc(1, sizeof *w);
    if (w == NULL) {
        httpd_reply_static(r, 503, NULL, bytes_of(NULL, 0));
        return;
    }
    w->app = s->c.app;
    w->page = s->c.page;
    w->site = s;
    w->r = r;
    httpd_keep(r, w, web_free);
    const char *method = httpd_method(r);
    const char *path = httpd_path(r);
    if (!host_ok(s, httpd_header_in(r, "Host"))) {
        web_error(w, 403, "host", "this %s answers to %s only", s->c.what, s->origin);
        return;
    }
    const struct route *route = find_route(&s->c, method, path, w->param, &known);
    if (route == NULL && !known && !unsafe_method(method) && strncmp(path, "/api/", 5) != 0) {
        s->c.asset(w, strcmp(path, "/") == 0 ? "/index.html" : path);
        return;
    }
    if (route == NULL) {
        web_error(w, known ? 405 : 404, known ? "method" : "notfound",
                  known ? "this address does not take that method" : "there is no such address");
        return;
    }
    if (unsafe_method(method) && !origin_ok(s, r)) {
        web_error(w, 403, "origin", "the request does not come from this %s's own page", s->c.what);
        return;
    }
    enum err e = find_login(w);
    if (e) {
        web_fail(w, e, NULL);
        return;
    }
    if (rights_ok(w, route) && body_ok(w, route))
        route->handler(w);
}
