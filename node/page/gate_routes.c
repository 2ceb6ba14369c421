/* gate_routes.c - what crossed the wall, and the wall closed and opened by a person. */
#include "node/page/web.h"

#include "base/text.h"
#include "node/gate/left.h"
#include "node/gate/suspend.h"

#include <string.h>

/* A number of the query; absent is 0. False: answered. */
static bool query_u64(struct web *w, const char *name, uint64_t *out)
{
    const char *text = httpd_query(w->r, name);
    *out = 0;
    if (text == NULL || parse_u64_str(text, INT64_MAX, out) == OK)
        return true;
    web_error(w, 400, "malformed", "%s is a whole number", name);
    return false;
}

static const char *query_word(struct web *w, const char *name)
{
    const char *text = httpd_query(w->r, name);
    return text == NULL ? "" : text;
}

void route_left(struct web *w)
{
    json_t *list = NULL;
    struct left_filter f = {.direction = query_word(w, "direction"), .type = query_word(w, "type")};
    if (!query_u64(w, "since", &f.since) || !query_u64(w, "before", &f.before) ||
        !query_u64(w, "from_ms", &f.from_ms) || !query_u64(w, "to_ms", &f.to_ms) ||
        !query_u64(w, "at_least", &f.at_least))
        return;
    enum err e = left_list(w->app, &f, &list);
    if (e)
        web_fail(w, e, NULL);
    else
        web_json(w, 200, list);
}

void route_left_one(struct web *w)
{
    json_t *one = NULL;
    uint64_t index = 0;
    enum err e =
        parse_u64_str(w->param, INT64_MAX, &index) ? ERR_NOTFOUND : left_one(w->app, index, &one);
    if (e)
        web_fail(w, e, NULL);
    else
        web_json(w, 200, one);
}

/* --- suspend, resume --- */

static void set(struct web *w, bool right, bool on)
{
    struct diag d = {0};
    if (!right) {
        web_error(w, 403, "password", "the password is wrong: nothing was changed");
        return;
    }
    enum err e = suspend_set(w->app, on, w->who.user, w->who.name, &d);
    if (e == ERR_NOTFOUND)
        web_error(w, 409, "state", "%s", d.text);
    else if (e)
        web_fail(w, e, &d);
    else
        web_json(w, 200, json_pack("{s:o}", "suspended", suspend_json(w->app)));
}

static void close_it(struct web *w, bool right)
{
    set(w, right, true);
}

static void open_it(struct web *w, bool right)
{
    set(w, right, false);
}

static void ask(struct web *w, void (*then)(struct web *w, bool right))
{
    const char *password = web_text(w, "password");
    if (password == NULL)
        web_error_at(w, 400, "malformed", "/password", "the password is asked for again");
    else
        web_ask_password(w, password, then);
}

void route_suspend(struct web *w)
{
    ask(w, close_it);
}

void route_resume(struct web *w)
{
    ask(w, open_it);
}
