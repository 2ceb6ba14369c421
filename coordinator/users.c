/* users.c - operators: added, given a new one-time password, disabled. */
#include "coordinator/users.h"

#include "base/clock.h"
#include "coordinator/page/page.h"
#include "coordinator/store/watch.h"
#include "host/web.h"

#include <sodium.h>
#include <string.h>

json_t *users_json(const struct person *p)
{
    return json_pack("{s:s, s:s, s:o, s:b, s:b, s:o}", "user", p->user, "name", p->name, "roles",
                     web_roles_json(p), "disabled", (int)p->disabled, "must_change",
                     (int)p->must_change, "last_login_ms",
                     p->last_login_ms == 0 ? json_null()
                                           : json_integer((json_int_t)p->last_login_ms));
}

enum err users_begin(struct app *a, const char *verb, const char *user, const char *name,
                     struct users_job *out, struct diag *d)
{
    struct db *people = store_people(a->store);
    *out = (struct users_job){.e = OK};
    if (strcmp(verb, "add") == 0) {
        enum err e = people_check_new(user, name[0] == '\0' ? user : name, page_roles, 1,
                                      page_roles, &out->p, d);
        if (!e && people_find(people, user, &out->p) == OK)
            e = diag_set(d, ERR_CONFLICT, "there is a user %s already", user);
        if (e)
            return e;
    } else if (people_find(people, user, &out->p)) {
        return diag_set(d, ERR_NOTFOUND, "there is no user %.64s: `user list` names them", user);
    }
    out->disable = strcmp(verb, "disable") == 0;
    if (!out->disable)
        people_one_time(out->password);
    return OK;
}

void users_run(void *ctx)
{
    struct users_job *j = ctx;
    if (!j->disable)
        j->e = people_hash(j->password, j->p.password);
}

enum err users_end(struct app *a, struct users_job *j, json_t **out, struct diag *d)
{
    struct db *people = store_people(a->store);
    enum err e = j->e;
    int64_t id = j->p.id;
    if (!e && id == 0)
        e = people_add(people, &j->p, clock_now_ms(), &id);
    else if (!e && j->disable)
        j->p.disabled = true;
    else if (!e)
        e = people_set_password(people, id, j->p.password, true);
    if (!e && j->disable)
        e = people_update(people, &j->p);
    if (!e && j->p.id != 0)
        e = logins_drop_user(people, id);
    if (e)
        return diag_set(d, e, "the user cannot be stored (%s)", err_name(e));
    *out = j->disable ? json_pack("{s:s, s:b}", "user", j->p.user, "disabled", 1)
                      : json_pack("{s:s, s:s}", "user", j->p.user, "password", j->password);
    return *out == NULL ? ERR_NOMEM : OK;
}

void users_wipe(struct users_job *j)
{
    sodium_memzero(j, sizeof *j);
}
