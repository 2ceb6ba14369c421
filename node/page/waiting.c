/* waiting.c - answers that wait for the access log; and who may read which streams for how long. */
#include "base/log.h"
#include "node/page/page_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- openings --- */

static size_t opening_place(int64_t user, const char *item)
{
    uint64_t h = (uint64_t)user * 0x9e3779b97f4a7c15U;
    for (const char *c = item; *c != '\0'; c++)
        h = (h ^ (unsigned char)*c) * 0x100000001b3U;
    return (size_t)(h % OPENINGS);
}

/* A table with one place for each hash: who is pushed out by another opens again. */
void opening_renew(struct page *p, int64_t user, const char *item, uint64_t now_ms)
{
    struct opening *o = &p->openings[opening_place(user, item)];
    o->user = user;
    o->at_ms = now_ms;
    (void)snprintf(o->item, sizeof o->item, "%s", item);
}

bool opening_stands(const struct page *p, int64_t user, const char *item, uint64_t now_ms)
{
    const struct opening *o = &p->openings[opening_place(user, item)];
    return o->user == user && strcmp(o->item, item) == 0 && now_ms - o->at_ms < OPENING_MS;
}

/* --- answers that wait --- */

void web_after_log(struct web *w, const struct event *ev, void (*then)(struct web *w))
{
    enum err e = access_append(w->app, ev);
    if (e) {
        LOG_ERROR("access.append", e, "%s", "");
        web_error(w, 503, "log",
                  "the access log cannot be written, so nothing is shown: see the node's log");
        return;
    }
    w->then = then;
    w->next = w->page->waiting;
    w->page->waiting = w;
    httpd_hold(w->r);
}

/* One fdatasync for all that came in this turn. */
void page_turn_end(struct page *p)
{
    struct web *list = NULL;
    if (p->waiting == NULL)
        return;
    while (p->waiting != NULL) { /* oldest first */
        struct web *w = p->waiting;
        p->waiting = w->next;
        w->next = list;
        list = w;
    }
    enum err e = access_sync(list->app);
    if (e)
        LOG_ERROR("access.sync", e, "%s", "");
    while (list != NULL) {
        struct web *w = list;
        list = w->next;
        if (e)
            web_error(w, 503, "log",
                      "the access log cannot be written, so nothing is shown: see the node's log");
        else
            w->then(w);
    }
}
