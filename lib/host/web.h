/* web.h - a daemon's page and its HTTP API: what node and coordinator share. A request's way in (Host, Origin, login, CSRF, rights,
 * body), answers, sessions and passwords (log-and-security.md 11). What a route does, and what a person may, is the program's own.
 *
 *   page -> httpd -> web_request: Host -> route -> Origin -> login -> CSRF -> rights -> body -> route's handler -> one answer
 *
 * `struct app` and `struct page` are the program's: nothing here looks inside. */
#pragma once

#include "base/diag.h"
#include "core/json/json.h"
#include "host/people.h"
#include "io/httpd.h"
#include "io/worker.h"

enum {
    WEB_PARAM = 80, /* sha256: and 64 digits are 71 */
    WEB_LIMIT = 1024 * 1024,
    WEB_HOST = 300,
    WEB_HOSTS = 6
};

struct app;
struct page;
struct site_web;

struct web {
    struct app *app;
    struct page *page;
    struct site_web *site;
    struct httpd_request *r;
    bool has_login;
    struct login login;
    struct person who;
    char param[WEB_PARAM]; /* what stands for {..} in the route's path */
    json_t *body;          /* of a route that wants one; an object */
    /* Of an answer that waits: for the program's own use. */
    struct web *next;
    void (*then)(struct web *w);
    void *ctx;
    void (*ctx_free)(void *);
};

enum {
    ROUTE_BODY = 1,
    ROUTE_MUST_CHANGE = 2, /* open while the password must be changed */
    ROUTE_RAW = 4          /* the body is the handler's */
};
enum { ROLE_NOBODY = 0 /* no login wanted */ };

struct route {
    const char *method;
    const char *path; /* with at most one {name} */
    unsigned roles;   /* bits, in the order of web_config.roles */
    unsigned flags;
    void (*handler)(struct web *w);
};

/* What the program says of itself; all of it outlives the page. */
struct web_config {
    struct app *app;
    struct page *page;
    struct loop *loop;
    struct db *people;     /* holds the tables of host/people.h */
    struct worker *hasher; /* passwords, off the loop */
    const char *id;        /* in the cookie's name, and <id>.localhost */
    const char *listen;    /* as httpd_listen */
    const char *origin;    /* what people type; "": http://<id>.localhost:PORT */
    const char *conf;      /* the file to mend where the port is taken */
    const char *what;      /* "node": what the refusals call it */
    uint64_t idle_ms, login_ms;
    const struct route *routes;
    size_t routes_count;
    const char *const *roles; /* NULL-ended */
    httpd_limit *limit;       /* ctx is `page` */
    /* Everything but /api/: ends in web_asset or an error. */
    void (*asset)(struct web *w, const char *path);
    json_t *(*me)(struct web *w, const struct person *p, const char *csrf);
    enum err (*left)(struct web *w); /* at a logout; may be NULL */
};

/* Listens and serves. ERR_CONFLICT: the port is taken. ERR_INVALID: no such address. */
enum err web_start(const struct web_config *c, struct site_web **out, struct diag *d);
void web_stop(struct site_web *s); /* accepts NULL */
/* "127.0.0.1:7601" or "unix:PATH", and the address that people type. Borrowed. */
const char *web_address(const struct site_web *s);
const char *web_origin(const struct site_web *s);
/* Logins that are over. */
enum err web_forget_old(struct site_web *s, uint64_t now_ms);

bool web_path_fits(const char *pattern, const char *path, char param[WEB_PARAM]);

/* Every handler ends in exactly one of these, now or later. json is given; NULL is an answer of 503. */
void web_json(struct web *w, unsigned status, json_t *body);
void web_canonical(struct web *w, unsigned status, struct bytes body); /* JSON text, copied */
void web_empty(struct web *w, unsigned status);
/* {"code","text","pointer"?} */
void web_error(struct web *w, unsigned status, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void web_error_at(struct web *w, unsigned status, const char *code, const char *pointer,
                  const char *text);
/* The status that fits an error, with the diag's words where it has some. */
void web_fail(struct web *w, enum err e, const struct diag *d);
/* A file of the page; the bytes live as long as the program. gz.p NULL: only raw. */
struct web_file {
    const char *type, *etag;
    bool immutable;
    struct bytes raw, gz;
};
void web_asset(struct web *w, const struct web_file *f);

/* Runs `run` on the hashing thread, then `then` here; the request waits. */
void web_on_hasher(struct web *w, void (*run)(void *ctx), void (*then)(struct web *w));
/* Judges the password of who asks, again: for what needs two components. A wrong one counts as at a login. */
void web_ask_password(struct web *w, const char *password, void (*then)(struct web *w, bool right));
/* Another secret of who asks was wrong: counts as a wrong password. */
enum err web_count_wrong(struct web *w);
/* ctx is freed with the request. */
void web_keep(struct web *w, void *ctx, void (*release)(void *ctx));
/* A member of the body. */
const char *web_text(const struct web *w, const char *name); /* NULL where absent or no string */
/* A person's roles as JSON. */
json_t *web_roles_json(const struct person *p);

/* POST /api/login, /api/logout, /api/password; GET /api/me. */
void route_login(struct web *w), route_logout(struct web *w), route_password(struct web *w),
    route_me(struct web *w);
