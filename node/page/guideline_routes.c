/* guideline_routes.c - a person says that they have read what changed; a command asks for a guideline's words. */
#include "node/page/web.h"

#include "base/clock.h"
#include "base/hex.h"
#include "host/say.h"
#include "node/calls.h"
#include "node/desk/guidelines.h"

void route_acknowledge(struct web *w)
{
    struct hash h;
    enum err e = hash_parse_uri(bytes_str(w->param), &h) ? ERR_NOTFOUND : OK;
    if (!e)
        e = guideline_acknowledge(w->app, h, w->who.pseudonym, clock_now_ms());
    if (e)
        web_fail(w, e, NULL);
    else
        web_empty(w, 204);
}

void call_guideline(struct call *c)
{
    struct hash h;
    json_t *doc = NULL;
    enum err e = hash_parse_uri(bytes_str(call_text(c, "hash")), &h) ? ERR_NOTFOUND : OK;
    if (!e)
        e = guideline_body(c->app, h, &doc);
    if (e) {
        call_end(c, exit_of(e), "this vault knows no such guideline: `inbox` lists them");
        return;
    }
    call_row(c, json_pack("{s:o}", "doc", doc));
    call_end(c, EXIT_OK, NULL);
}
