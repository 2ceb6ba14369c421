/* routes.c - every route of the page, once. openapi.json describes the same set; a test holds the two against each other. */
#include "node/page/web.h"

enum {
    WORKERS = ROLE_ANNOTATOR | ROLE_REVIEWER | ROLE_ADJUDICATOR,
    REVIEWERS = ROLE_REVIEWER | ROLE_ADJUDICATOR,
    FIGURES = ROLE_REVIEWER | ROLE_ADJUDICATOR | ROLE_STEWARD | ROLE_AUDITOR,
    WATCHERS = ROLE_STEWARD | ROLE_AUDITOR,
};

const struct route routes[] = {
    {"POST", "/api/login", ROLE_NOBODY, ROUTE_BODY, route_login},
    {"POST", "/api/logout", ROLE_ANY, ROUTE_MUST_CHANGE, route_logout},
    {"POST", "/api/password", ROLE_ANY, ROUTE_BODY | ROUTE_MUST_CHANGE, route_password},
    {"GET", "/api/me", ROLE_ANY, ROUTE_MUST_CHANGE, route_me},

    {"GET", "/api/campaigns", ROLE_ANY, 0, route_campaigns},
    {"GET", "/api/campaigns/{hash}", ROLE_ANY, 0, route_campaign},
    {"GET", "/api/guidelines/{hash}", ROLE_ANY, 0, route_guideline},
    {"GET", "/api/assets/{sha256}", ROLE_ANY, 0, route_asset},
    {"POST", "/api/guidelines/{hash}/acknowledge", WORKERS, ROUTE_BODY, route_acknowledge},
    {"GET", "/api/schemas/{hash}", ROLE_ANY, 0, route_schema},
    {"GET", "/api/progress", ROLE_ANY, 0, route_progress},

    {"GET", "/api/assignments", WORKERS, 0, route_assignments},
    {"POST", "/api/next", ROLE_ANNOTATOR, ROUTE_BODY, route_next},
    {"GET", "/api/assignments/{id}", WORKERS, 0, route_assignment},
    {"PUT", "/api/assignments/{id}/draft", WORKERS, ROUTE_RAW, route_draft},
    {"POST", "/api/assignments/{id}/submit", WORKERS, ROUTE_BODY, route_submit},
    {"POST", "/api/assignments/{id}/skip", WORKERS, ROUTE_BODY, route_skip},
    {"POST", "/api/assignments/{id}/flag", WORKERS, ROUTE_BODY, route_flag},
    {"POST", "/api/assignments/{id}/comments", WORKERS, ROUTE_BODY, route_comment},
    {"GET", "/api/streams/{sha256}", WORKERS, 0, route_stream},

    {"GET", "/api/reviews", REVIEWERS, 0, route_reviews},
    {"POST", "/api/reviews/next", REVIEWERS, ROUTE_BODY, route_review_next},
    {"GET", "/api/items/{id}/work", REVIEWERS, 0, route_item_work},
    {"POST", "/api/items/{id}/decision", REVIEWERS, ROUTE_RAW, route_decision},

    {"GET", "/api/inbox", ROLE_STEWARD, 0, route_inbox},
    {"GET", "/api/inbox/{id}", ROLE_STEWARD, 0, route_inbox_entry},
    {"POST", "/api/inbox/{id}", ROLE_STEWARD, ROUTE_BODY, route_inbox_decide},

    {"GET", "/api/figures", FIGURES, 0, route_figures},
    {"GET", "/api/reads", WATCHERS, 0, route_reads},
    {"GET", "/api/left", WATCHERS, 0, route_left},
    {"GET", "/api/left/{index}", WATCHERS, 0, route_left_one},
    {"POST", "/api/suspend", ROLE_STEWARD | ROLE_ADMIN, ROUTE_BODY, route_suspend},
    {"POST", "/api/resume", ROLE_STEWARD | ROLE_ADMIN, ROUTE_BODY, route_resume},

    {"GET", "/api/users", ROLE_ADMIN, 0, route_users},
    {"POST", "/api/users", ROLE_ADMIN, ROUTE_BODY, route_user_add},
    {"POST", "/api/users/{user}/reset", ROLE_ADMIN, ROUTE_BODY, route_user_reset},
    {"POST", "/api/users/{user}/disable", ROLE_ADMIN, ROUTE_BODY, route_user_disable},

    {"GET", "/api/status", ROLE_ADMIN | ROLE_STEWARD | ROLE_AUDITOR, 0, route_status},
    {"GET", "/api/openapi.json", ROLE_NOBODY, 0, route_openapi},
    {"GET", "/metrics", ROLE_NOBODY, 0, route_metrics},
    {"GET", "/healthz", ROLE_NOBODY, 0, route_health},
};
const size_t routes_count = sizeof routes / sizeof routes[0];
