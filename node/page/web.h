/* web.h - what the page's own files share: a request on its way, answers, the table of routes. */
#pragma once

#include "core/json/json.h"
#include "io/httpd.h"
#include "node/access.h"
#include "node/app.h"
#include "node/page/page.h"
#include "node/vault/people.h"

enum {
    WEB_PARAM = 80,
    /* sha256: and 64 digits are 71 */ WEB_LIMIT = 1024 * 1024,
    WEB_LIMIT_DRAFT = 8 * 1024 * 1024
};

struct web {
    struct app *app;
    struct page *page;
    struct httpd_request *r;
    bool has_login;
    struct login login;
    struct person who;
    char param[WEB_PARAM]; /* what stands for {..} in the route's path */
    json_t *body;          /* of a route that wants one; an object */
    /* Of an answer that waits for the access log (web_after_log). */
    struct web *next;
    void (*then)(struct web *w);
    void *ctx;
    void (*ctx_free)(void *);
};

/* Roles as bits. */
enum {
    ROLE_ANNOTATOR = 1,
    ROLE_REVIEWER = 2,
    ROLE_ADJUDICATOR = 4,
    ROLE_STEWARD = 8,
    ROLE_AUDITOR = 16,
    ROLE_ADMIN = 32,
    ROLE_ANY = 63,
    ROLE_NOBODY = 0 /* no login wanted */
};
unsigned web_roles(const struct person *p);

enum {
    ROUTE_BODY = 1,
    ROUTE_MUST_CHANGE = 2 /* open while the password must be changed */,
    ROUTE_RAW = 4 /* the body is the handler's */
};

struct route {
    const char *method;
    const char *path; /* with at most one {name} */
    unsigned roles;
    unsigned flags;
    void (*handler)(struct web *w);
};
extern const struct route routes[];
extern const size_t routes_count;

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

/* Appends the event and answers with then(w) once it is durable; 503 where it cannot be written. ctx is freed with the request. */
void web_after_log(struct web *w, const struct event *ev, void (*then)(struct web *w));
/* Runs `run` on the hashing thread, then `then` here; the request waits. */
void web_on_hasher(struct web *w, void (*run)(void *ctx), void (*then)(struct web *w));
/* Judges the password of who asks, again: for what needs two components. A wrong one counts as at a login. */
void web_ask_password(struct web *w, const char *password, void (*then)(struct web *w, bool right));
void web_keep(struct web *w, void *ctx, void (*release)(void *ctx));

/* Members of the body. */
const char *web_text(const struct web *w, const char *name); /* NULL where absent or no string */
/* If-Match: "n". False: answered with 400 already. */
bool web_if_match(struct web *w, uint64_t *out);

const char *page_cookie(const struct page *p);
struct app *page_app(struct page *p);

/* Openings: who may read the streams of which item, for a quarter of an hour. */
enum { OPENING_MS = 15 * 60 * 1000 };
void opening_renew(struct page *p, int64_t user, const char *item, uint64_t now_ms);
bool opening_stands(const struct page *p, int64_t user, const char *item, uint64_t now_ms);

/* Shared by the routes of work and review. */
struct review_row;
struct desk_fault;
struct desk_work;
/* The assignment of the path, which must be the caller's own. False: answered. */
bool web_load_own(struct web *w, struct desk_work *out);
json_t *web_item_title(struct web *w, const char *item);
json_t *web_review_json(const struct review_row *r);
enum err web_comments(struct web *w, const char *item, const char *assignment,
                      json_t **out); /* NULL: all */
size_t web_stream_hashes(const json_t *streams, struct hash *out, size_t max);
void web_fail_desk(struct web *w, enum err e, struct desk_fault *f);
bool web_campaign_of(struct web *w, const char *text, int64_t *out);

/* Handlers, by file. */
void route_login(struct web *w), route_logout(struct web *w), route_password(struct web *w),
    route_me(struct web *w);
void route_users(struct web *w), route_user_add(struct web *w), route_user_reset(struct web *w),
    route_user_disable(struct web *w);
void route_campaigns(struct web *w), route_campaign(struct web *w), route_guideline(struct web *w),
    route_schema(struct web *w), route_progress(struct web *w);
void route_assignments(struct web *w), route_next(struct web *w), route_assignment(struct web *w),
    route_draft(struct web *w), route_submit(struct web *w), route_skip(struct web *w),
    route_flag(struct web *w), route_comment(struct web *w);
void route_reviews(struct web *w), route_review_next(struct web *w), route_item_work(struct web *w),
    route_decision(struct web *w);
void route_stream(struct web *w);
void route_inbox(struct web *w), route_inbox_entry(struct web *w),
    route_inbox_decide(struct web *w);
void route_left(struct web *w), route_left_one(struct web *w), route_suspend(struct web *w),
    route_resume(struct web *w);
void route_figures(struct web *w), route_reads(struct web *w), route_status(struct web *w), route_openapi(struct web *w), route_metrics(struct web *w),
    route_health(struct web *w);
