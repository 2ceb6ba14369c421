/* web_start.c - the page comes up: its address, the names it answers to, the headers of every answer. */
#include "host/web_in.h"

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

const char *web_address(const struct site_web *s)
{
    return s->address;
}

const char *web_origin(const struct site_web *s)
{
    return s->origin;
}

static void add_host(struct site_web *s, const char *name, unsigned port)
{
    if (s->host_count == WEB_HOSTS)
        return;
    char *to = s->hosts[s->host_count++];
    if (port == 0)
        (void)snprintf(to, WEB_HOST, "%s", name);
    else
        (void)snprintf(to, WEB_HOST, "%s:%u", name, port);
}

static void name_hosts(struct site_web *s, unsigned port)
{
    char own[80];
    const char *configured = s->c.origin;
    (void)snprintf(own, sizeof own, "%.60s.localhost", s->c.id);
    add_host(s, own, port);
    add_host(s, "localhost", port);
    add_host(s, "127.0.0.1", port);
    if (configured[0] != '\0') {
        const char *host = strstr(configured, "://");
        (void)snprintf(s->origin, sizeof s->origin, "%s", configured);
        add_host(s, host == NULL ? configured : host + 3, 0);
    } else {
        (void)snprintf(s->origin, sizeof s->origin, "http://%.280s", s->hosts[0]);
    }
}

static size_t limit(void *ctx, const char *method, const char *path)
{
    struct site_web *s = ctx;
    return s->c.limit == NULL ? (size_t)WEB_LIMIT : s->c.limit(s->c.page, method, path);
}

enum err web_start(const struct web_config *config, struct site_web **out, struct diag *d)
{
    unsigned port = 0;
    struct httpd_config c = {.handler = web_request,
                             .limit = limit,
                             .always = always,
                             .connections = CONNECTIONS,
                             .idle_s = IDLE_S};
    struct site_web *s = calloc(1, sizeof *s);
    if (s == NULL)
        return ERR_NOMEM;
    s->c = *config;
    c.ctx = s;
    (void)snprintf(s->cookie, sizeof s->cookie, "__Host-sid-%.40s", config->id);
    enum err e = httpd_listen(config->listen, &c.listen_fd, &port, d);
    if (e == ERR_CONFLICT)
        (void)diag_set(d, e,
                       "the port is taken: stop the other program, or write another [page] listen "
                       "in %s",
                       config->conf);
    if (!e && port > 0)
        (void)snprintf(s->address, sizeof s->address, "127.0.0.1:%u", port);
    else
        (void)snprintf(s->address, sizeof s->address, "%s", config->listen);
    if (!e) {
        name_hosts(s, port);
        e = httpd_new(config->loop, &c, &s->http);
    }
    if (e) {
        free(s);
        return e;
    }
    *out = s;
    return OK;
}

void web_stop(struct site_web *s)
{
    if (s == NULL)
        return;
    httpd_free(s->http);
    free(s);
}
