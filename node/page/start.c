/* start.c - the page comes up: its address, the names it answers to, the headers of every answer. */
#include "node/page/page_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 256, IDLE_S = 60 };

static const struct httpd_header always[] = {
    {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
                                "'self'; media-src 'self'; connect-src 'self'; "
                                "worker-src 'self'; font-src 'self'; base-uri 'none'; form-action "
                                "'none'; frame-ancestors 'none'; "
                                "require-trusted-types-for 'script'; trusted-types 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {NULL, NULL},
};

const char *page_address(const struct page *p)
{
    return p->address;
}

const char *page_origin(const struct page *p)
{
    return p->origin;
}

const char *page_where(const struct app *a)
{
    return a->config.listen;
}

struct app *page_app(struct page *p)
{
    return p->app;
}

const char *page_cookie(const struct page *p)
{
    return p->cookie;
}

static void add_host(struct page *p, const char *name, unsigned port)
{
    if (p->host_count == HOSTS)
        return;
    char *to = p->hosts[p->host_count++];
    if (port == 0)
        (void)snprintf(to, HOST_TEXT, "%s", name);
    else
        (void)snprintf(to, HOST_TEXT, "%s:%u", name, port);
}

static void name_hosts(struct page *p, unsigned port)
{
    char own[80];
    const char *site = keyring_who(p->app->keyring)->id;
    const char *configured = p->app->config.origin;
    (void)snprintf(own, sizeof own, "%s.localhost", site);
    add_host(p, own, port);
    add_host(p, "localhost", port);
    add_host(p, "127.0.0.1", port);
    if (configured[0] != '\0') {
        const char *host = strstr(configured, "://");
        (void)snprintf(p->origin, sizeof p->origin, "%s", configured);
        add_host(p, host == NULL ? configured : host + 3, 0);
    } else {
        (void)snprintf(p->origin, sizeof p->origin, "http://%.280s", p->hosts[0]);
    }
}

enum err page_start(struct app *a, struct page **out, struct diag *d)
{
    unsigned port = 0;
    struct httpd_config c = {.handler = page_request,
                             .limit = page_body_limit,
                             .always = always,
                             .connections = CONNECTIONS,
                             .idle_s = IDLE_S};
    struct page *p = calloc(1, sizeof *p);
    if (p == NULL)
        return ERR_NOMEM;
    p->app = a;
    c.ctx = p;
    (void)snprintf(p->cookie, sizeof p->cookie, "__Host-sid-%s", keyring_who(a->keyring)->id);
    enum err e = httpd_listen(a->config.listen, &c.listen_fd, &port, d);
    if (e == ERR_CONFLICT)
        (void)diag_set(d, e,
                       "the port is taken: stop the other program, or write another [page] listen "
                       "in node.conf");
    if (!e && port > 0)
        (void)snprintf(p->address, sizeof p->address, "127.0.0.1:%u", port);
    else
        (void)snprintf(p->address, sizeof p->address, "%s", a->config.listen);
    if (!e) {
        name_hosts(p, port);
        e = httpd_new(a->loop, &c, &p->http);
    }
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
    httpd_free(p->http);
    free(p);
}
