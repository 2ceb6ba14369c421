/* users.c - people, for the admin: on the page and by command. */
#include "node/page/web.h"

#include "base/clock.h"
#include "host/password.h"
#include "host/say.h"
#include "node/calls.h"
#include "node/desk/desk.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROLES_MAX = 12 };

/* In bytewise order, as they are stored. */
static const char *const role_names[] = {"adjudicator", "admin",   "annotator", "auditor",
                                         "reviewer",    "steward", NULL};

static json_t *person_json(const struct person *p)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:b, s:b, s:o}", "user", p->user, "name", p->name,
                     "pseudonym", p->pseudonym, "roles", web_roles_json(p), "disabled",
                     (int)p->disabled, "must_change", (int)p->must_change, "last_login_ms",
                     p->last_login_ms == 0 ? json_null()
                                           : json_integer((json_int_t)p->last_login_ms));
}

static enum err append_person(void *ctx, const struct person *p)
{
    return json_array_append_new(ctx, person_json(p)) == 0 ? OK : ERR_NOMEM;
}

static size_t role_words(const json_t *list, const char *out[ROLES_MAX])
{
    size_t n = 0;
    while (n < ROLES_MAX && json_is_string(json_array_get(list, n))) {
        out[n] = json_string_value(json_array_get(list, n));
        n++;
    }
    return n;
}

/* One person to be made or given a new one-time password: the hash is worked out off the loop. */
struct making {
    struct person p;
    char password[ONE_TIME_PASSWORD];
    enum err e;
    struct call *call; /* of a command */
    struct app *app;
};

static void making_free(void *ctx)
{
    sodium_memzero(ctx, sizeof(struct making));
    free(ctx);
}

static void making_run(void *ctx)
{
    struct making *m = ctx;
    m->e = people_hash(m->password, m->p.password);
}

/* Stores it; the answer shows the password this once. */
static enum err making_store(struct app *a, struct making *m, json_t **out, struct diag *d)
{
    enum err e = m->e;
    if (!e && m->p.id == 0) {
        int64_t id = 0;
        e = people_add(vault_db(a->vault), &m->p, clock_now_ms(), &id);
        if (e == ERR_CONFLICT)
            return diag_set(d, e, "there is a user %s already", m->p.user);
    } else if (!e) {
        e = people_set_password(vault_db(a->vault), m->p.id, m->p.password, true);
        if (!e)
            e = page_end_logins(a, m->p.id);
    }
    struct person made;
    if (!e)
        e = people_find(vault_db(a->vault), m->p.user, &made);
    if (e)
        return diag_set(d, e, "the user cannot be stored (%s)", err_name(e));
    *out = json_pack("{s:s, s:s, s:s}", "user", made.user, "pseudonym", made.pseudonym, "password",
                     m->password);
    return *out == NULL ? ERR_NOMEM : OK;
}

static enum err disable(struct app *a, const char *user, struct diag *d)
{
    struct person p;
    enum err e = people_find(vault_db(a->vault), user, &p);
    if (e)
        return diag_set(d, e, "there is no user %s", user);
    p.disabled = true;
    e = people_update(vault_db(a->vault), &p);
    if (!e)
        e = page_end_logins(a, p.id);
    /* Open work is kept, its slots are filled anew (labels.md). */
    if (!e)
        e = desk_lock_work(a, p.pseudonym, clock_now_ms());
    return e ? diag_set(d, e, "the user cannot be disabled (%s)", err_name(e)) : OK;
}

/* --- the page --- */

void route_users(struct web *w)
{
    json_t *list = json_array();
    enum err e = people_all(vault_db(w->app->vault), append_person, list);
    if (e) {
        json_decref(list);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, json_pack("{s:o}", "users", list));
}

static void making_done(struct web *w)
{
    struct diag d = {0};
    json_t *out = NULL;
    enum err e = making_store(w->app, w->ctx, &out, &d);
    if (e)
        web_fail(w, e, &d);
    else
        web_json(w, 200, out);
}

static struct making *web_making(struct web *w)
{
    struct making *m = calloc(1, sizeof *m);
    if (m == NULL)
        web_fail(w, ERR_NOMEM, NULL);
    else
        web_keep(w, m, making_free);
    return m;
}

void route_user_add(struct web *w)
{
    struct diag d = {0};
    const char *roles[ROLES_MAX];
    const char *user = web_text(w, "user");
    const char *name = web_text(w, "name");
    size_t n = role_words(json_object_get(w->body, "roles"), roles);
    struct making *m = web_making(w);
    if (m == NULL)
        return;
    enum err e =
        people_check_new(user == NULL ? "" : user, name == NULL ? user == NULL ? "" : user : name,
                         roles, n, role_names, &m->p, &d);
    if (e) {
        web_fail(w, e, &d);
        return;
    }
    people_one_time(m->password);
    web_on_hasher(w, making_run, making_done);
}

void route_user_reset(struct web *w)
{
    struct making *m = web_making(w);
    if (m == NULL)
        return;
    enum err e = people_find(vault_db(w->app->vault), w->param, &m->p);
    if (e) {
        web_fail(w, e, NULL);
        return;
    }
    people_one_time(m->password);
    web_on_hasher(w, making_run, making_done);
}

void route_user_disable(struct web *w)
{
    struct diag d = {0};
    if (strcmp(w->param, w->who.user) == 0) {
        web_error(w, 403, "self", "nobody disables themselves: another admin can");
        return;
    }
    enum err e = disable(w->app, w->param, &d);
    if (e)
        web_fail(w, e, &d);
    else
        web_empty(w, 204);
}

/* --- commands --- */

static enum err row_person(void *ctx, const struct person *p)
{
    call_row(ctx, person_json(p));
    return OK;
}

void call_user_list(struct call *c)
{
    enum err e = people_all(vault_db(c->app->vault), row_person, c);
    call_end_err(c, e, "reading the users");
}

/* A command has time: the loop waits a quarter of a second only where there is no hashing thread. */
static void call_made(void *ctx)
{
    struct diag d = {0};
    json_t *out = NULL;
    struct making *m = ctx;
    struct call *c = m->call;
    enum err e = making_store(m->app, m, &out, &d);
    making_free(m);
    if (e) {
        call_end_diag(c, e, "user", &d);
        return;
    }
    call_row(c, out);
    call_end(c, EXIT_OK, NULL);
}

static void call_make(struct call *c, struct making *m)
{
    m->call = c;
    m->app = c->app;
    people_one_time(m->password);
    if (c->app->hasher != NULL && worker_submit(c->app->hasher, making_run, call_made, m) == OK)
        return;
    making_run(m);
    call_made(m);
}

void call_user_add(struct call *c)
{
    struct diag d = {0};
    const char *roles[ROLES_MAX];
    size_t n = role_words(json_object_get(c->request, "roles"), roles);
    const char *name = call_text(c, "name");
    struct making *m = calloc(1, sizeof *m);
    if (m == NULL) {
        call_end_err(c, ERR_NOMEM, "adding the user");
        return;
    }
    enum err e =
        people_check_new(call_text(c, "user"), name[0] == '\0' ? call_text(c, "user") : name, roles,
                         n, role_names, &m->p, &d);
    if (e) {
        making_free(m);
        call_end_diag(c, e, "user add", &d);
        return;
    }
    call_make(c, m);
}

void call_user_reset(struct call *c)
{
    struct making *m = calloc(1, sizeof *m);
    enum err e =
        m == NULL ? ERR_NOMEM : people_find(vault_db(c->app->vault), call_text(c, "user"), &m->p);
    if (e) {
        free(m);
        call_end(c, exit_of(e), "there is no such user: `user list` names them");
        return;
    }
    call_make(c, m);
}

void call_user_disable(struct call *c)
{
    struct diag d = {0};
    enum err e = disable(c->app, call_text(c, "user"), &d);
    if (e)
        call_end_diag(c, e, "user disable", &d);
    else
        call_end(c, EXIT_OK, NULL);
}
