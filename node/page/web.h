/* web.h - what the page's own files share beside host/web.h: roles, the table of routes, openings. */
#pragma once

#include "host/web.h"
#include "node/access.h"
#include "node/app.h"
#include "node/page/page.h"

enum { WEB_LIMIT_DRAFT = 8 * 1024 * 1024 };

/* Roles as bits. */
enum {
    ROLE_ANNOTATOR = 1,
    ROLE_REVIEWER = 2,
    ROLE_ADJUDICATOR = 4,
    ROLE_STEWARD = 8,
    ROLE_AUDITOR = 16,
    ROLE_ADMIN = 32,
    ROLE_ANY = 63
};

extern const struct route routes[];
extern const size_t routes_count;

/* Appends the event and answers with then(w) once it is durable; 503 where it cannot be written. ctx is freed with the request. */
void web_after_log(struct web *w, const struct event *ev, void (*then)(struct web *w));
/* If-Match: "n". False: answered with 400 already. */
bool web_if_match(struct web *w, uint64_t *out);

/* Openings: who may read the streams of which item, for a quarter of an hour. */
enum { OPENING_MS = 15 * 60 * 1000 };
void opening_renew(struct page *p, int64_t user, const char *item, uint64_t now_ms);
bool opening_stands(const struct page *p, int64_t user, const char *item, uint64_t now_ms);

/* Shared by the routes of work and review. */
struct review_row;
struct desk_fault;
struct desk_work;
struct campaign;
/* What changed and was not read, and whether the campaign was stopped, into the answer of an opening. changes may be NULL. */
void web_add_campaign(json_t *answer, const struct campaign *c, json_t *changes);
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
void route_users(struct web *w), route_user_add(struct web *w), route_user_reset(struct web *w),
    route_user_disable(struct web *w);
void route_campaigns(struct web *w), route_campaign(struct web *w), route_guideline(struct web *w),
    route_schema(struct web *w), route_progress(struct web *w);
void route_assignments(struct web *w), route_next(struct web *w), route_assignment(struct web *w),
    route_draft(struct web *w), route_submit(struct web *w), route_skip(struct web *w),
    route_flag(struct web *w), route_comment(struct web *w);
void route_reviews(struct web *w), route_review_next(struct web *w), route_item_work(struct web *w),
    route_decision(struct web *w);
void route_stream(struct web *w), route_asset(struct web *w), route_acknowledge(struct web *w);
void route_inbox(struct web *w), route_inbox_entry(struct web *w),
    route_inbox_decide(struct web *w);
void route_left(struct web *w), route_left_one(struct web *w), route_suspend(struct web *w),
    route_resume(struct web *w);
void route_figures(struct web *w), route_reads(struct web *w), route_status(struct web *w),
    route_openapi(struct web *w), route_metrics(struct web *w), route_health(struct web *w);
