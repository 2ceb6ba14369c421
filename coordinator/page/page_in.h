/* page_in.h - what the page's own files share. */
#pragma once

#include "coordinator/page/page.h"
#include "host/web.h"

enum { ROLE_OPERATOR = 1 };

struct page {
    struct site_web *web;
    struct calls *calls;
    uint64_t started_ms;
};

extern const struct route routes[];
extern const size_t routes_count;

void route_sites(struct web *w), route_campaigns(struct web *w), route_status(struct web *w),
    route_document(struct web *w), route_rounds(struct web *w), route_results(struct web *w),
    route_users(struct web *w), route_openapi(struct web *w), route_metrics(struct web *w),
    route_health(struct web *w);
