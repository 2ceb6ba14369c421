/* web_login.c - signing in and out, and passwords. A wrong guess costs an account a growing wait and an address its bucket; an unknown
 * user costs the same time as a known one, and gets the same answer. */

#include "host/web_in.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/rng.h"
#include "base/sha256.h"
#include "host/password.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FREE_TRIES = 5, /* then 2, 4, 8 ... seconds */
    WAIT_MAX_MS = 15 * 60 * 1000,
    BUCKET_MAX = 30,            /* failures of one address */
    BUCKET_DRAIN_MS = 10 * 1000 /* one leaves it after so long */
};

/* A password to be judged on the hashing thread. */
struct
try {
    char password[PASSWORD_MAX + 1];
    char fresh[PASSWORD_MAX + 1]; /* a new one to be hashed; "" = none */
    char hash[PERSON_HASH];
    char fresh_hash[PERSON_HASH];
    struct person who;
    bool known;
    bool right;
    enum err e;
};

static void try_free(void *ctx)
{
    sodium_memzero(ctx, sizeof(struct try));
    free(ctx);
}

static void try_run(void *ctx)
{
    struct try *t = ctx;
    t->right = people_verify(t->hash, t->password) && t->known;
    if (t->right && t->fresh[0] != '\0')
        t->e = people_hash(t->fresh, t->fresh_hash);
}

static struct try *try_new(struct web *w, const char *password)
{
    struct try *t = calloc(1, sizeof *t);
    if (t == NULL) {
        web_fail(w, ERR_NOMEM, NULL);
        return NULL;
    }
    (void)snprintf(t->password, sizeof t->password, "%s", password);
    web_keep(w, t, try_free);
    return t;
}

/* --- limits --- */

static uint32_t drained(uint32_t level, uint64_t at_ms, uint64_t now_ms)
{
    uint64_t out = now_ms > at_ms ? (now_ms - at_ms) / BUCKET_DRAIN_MS : 0;
    return out >= level ? 0 : level - (uint32_t)out;
}

static void too_fast(struct web *w, uint64_t wait_ms)
{
    char seconds[24];
    unsigned long long wait_s = wait_ms / 1000 + 1;
    (void)snprintf(seconds, sizeof seconds, "%llu", wait_s);
    httpd_header_out(w->r, "Retry-After", seconds);
    web_error(w, 429, "slow_down", "too many wrong passwords: wait %s seconds", seconds);
}

static bool bucket_full(struct web *w, uint64_t now)
{
    uint32_t level = 0;
    uint64_t at = 0;
    if (bucket_get(w->site->c.people, httpd_peer(w->r), &level, &at))
        return false; /* the login itself will fail on a broken vault */
    if (drained(level, at, now) < BUCKET_MAX)
        return false;
    too_fast(w, BUCKET_DRAIN_MS);
    return true;
}

/* Of that address, and of that person unless NULL. */
static enum err count_failure(struct web *w, struct person *who)
{
    uint32_t level = 0;
    uint64_t at = 0;
    uint64_t now = clock_now_ms();
    enum err e = bucket_get(w->site->c.people, httpd_peer(w->r), &level, &at);
    if (!e)
        e = bucket_set(w->site->c.people, httpd_peer(w->r), drained(level, at, now) + 1, now);
    if (e || who == NULL)
        return e;
    e = people_find_id(w->site->c.people, who->id, who); /* others may have tried meanwhile */
    if (e)
        return e;
    who->failures++;
    if (who->failures >= FREE_TRIES) {
        unsigned over = who->failures - FREE_TRIES;
        uint64_t wait = over > 9 ? WAIT_MAX_MS : (uint64_t)2000 << over;
        who->next_try_ms = now + (wait > WAIT_MAX_MS ? WAIT_MAX_MS : wait);
    }
    return people_update(w->site->c.people, who);
}

static enum err count_try(struct web *w, struct try *t)
{
    return count_failure(w, t->known ? &t->who : NULL);
}

enum err web_count_wrong(struct web *w)
{
    return count_failure(w, &w->who);
}

/* --- a login --- */

static json_t *me_json(struct web *w, const struct person *p, const char *csrf)
{
    return w->site->c.me(w, p, csrf);
}

static void cookie_out(struct web *w, const char *value, const char *more)
{
    char cookie[300];
    (void)snprintf(cookie, sizeof cookie, "%s=%s; Path=/; Secure; HttpOnly; SameSite=Strict%s",
                   w->site->cookie, value, more);
    httpd_header_out(w->r, "Set-Cookie", cookie);
}

static enum err new_login(struct web *w, const struct person *p, char csrf[65])
{
    uint8_t raw[32];
    uint8_t token[32];
    char text[65];
    struct login l = {.user = p->id, .made_ms = clock_now_ms(), .seen_ms = clock_now_ms()};
    rng_fill(raw, sizeof raw);
    rng_fill(token, sizeof token);
    hex_encode(bytes_of(raw, sizeof raw), text);
    hex_encode(bytes_of(token, sizeof token), l.csrf);
    l.token = sha256_of(bytes_of(raw, sizeof raw));
    enum err e = logins_add(w->site->c.people, &l);
    if (!e) {
        cookie_out(w, text, "");
        (void)snprintf(csrf, 65, "%s", l.csrf);
    }
    sodium_memzero(raw, sizeof raw);
    sodium_memzero(text, sizeof text);
    return e;
}

static void login_judged(struct web *w)
{
    struct try *t = w->ctx;
    char csrf[65];
    if (!t->right) {
        enum err e = count_try(w, t);
        if (e)
            web_fail(w, e, NULL);
        else
            web_error(w, 401, "login", "user name or password is wrong");
        return;
    }
    t->who.failures = 0;
    t->who.next_try_ms = 0;
    t->who.last_login_ms = clock_now_ms();
    enum err e = people_update(w->site->c.people, &t->who);
    if (!e)
        e = new_login(w, &t->who, csrf);
    if (e)
        web_fail(w, e, NULL);
    else
        web_json(w, 200, me_json(w, &t->who, csrf));
}

void route_login(struct web *w)
{
    uint64_t now = clock_now_ms();
    const char *user = web_text(w, "user");
    const char *password = web_text(w, "password");
    if (user == NULL || password == NULL || strlen(password) > PASSWORD_MAX) {
        web_error_at(w, 400, "malformed", "", "user and password are texts");
        return;
    }
    if (bucket_full(w, now))
        return;
    struct try *t = try_new(w, password);
    if (t == NULL)
        return;
    enum err e = people_find(w->site->c.people, user, &t->who);
    if (e && e != ERR_NOTFOUND) {
        web_fail(w, e, NULL);
        return;
    }
    t->known = !e && !t->who.disabled;
    if (t->known && t->who.next_try_ms > now) {
        too_fast(w, t->who.next_try_ms - now);
        return;
    }
    (void)snprintf(t->hash, sizeof t->hash, "%s", t->known ? t->who.password : people_no_hash());
    web_on_hasher(w, try_run, login_judged);
}

void route_me(struct web *w)
{
    web_json(w, 200, me_json(w, &w->who, w->login.csrf));
}

void route_logout(struct web *w)
{
    enum err e = logins_drop(w->site->c.people, w->login.token);
    if (!e && w->site->c.left != NULL)
        e = w->site->c.left(w);
    if (e) {
        web_fail(w, e, NULL);
        return;
    }
    cookie_out(w, "", "; Max-Age=0");
    web_empty(w, 204);
}

/* --- one's own password --- */

static void password_judged(struct web *w)
{
    struct try *t = w->ctx;
    char csrf[65];
    if (!t->right) {
        enum err e = count_try(w, t);
        if (e)
            web_fail(w, e, NULL);
        else
            web_error(w, 403, "password", "the old password is wrong");
        return;
    }
    enum err e = t->e;
    if (!e)
        e = people_set_password(w->site->c.people, t->who.id, t->fresh_hash, false);
    if (!e)
        e = logins_drop_user(w->site->c.people,
                             t->who.id); /* a stolen cookie dies with the old password */
    t->who.must_change = false;
    if (!e)
        e = new_login(w, &t->who, csrf);
    if (e)
        web_fail(w, e, NULL);
    else
        web_json(w, 200, me_json(w, &t->who, csrf));
}

void route_password(struct web *w)
{
    struct diag d = {0};
    const char *old = web_text(w, "old");
    const char *fresh = web_text(w, "new");
    if (old == NULL || fresh == NULL || strlen(old) > PASSWORD_MAX) {
        web_error_at(w, 400, "malformed", "", "old and new are texts");
        return;
    }
    enum err e = people_check_password(fresh, w->who.user, &d);
    if (!e && strcmp(old, fresh) == 0)
        e = diag_set(&d, ERR_INVALID, "the new password is the old one");
    if (e) {
        web_error_at(w, 400, "password", "/new", d.text);
        return;
    }
    if (w->who.next_try_ms > clock_now_ms()) {
        too_fast(w, w->who.next_try_ms - clock_now_ms());
        return;
    }
    struct try *t = try_new(w, old);
    if (t == NULL)
        return;
    t->who = w->who;
    t->known = true;
    (void)snprintf(t->fresh, sizeof t->fresh, "%s", fresh);
    (void)snprintf(t->hash, sizeof t->hash, "%s", w->who.password);
    web_on_hasher(w, try_run, password_judged);
}

/* --- asked again, for approvals --- */

struct asked {
    struct try t;
    void (*then)(struct web *w, bool right);
};

static void asked_judged(struct web *w)
{
    struct asked *a = w->ctx;
    enum err e = a->t.right ? OK : count_try(w, &a->t);
    if (e)
        web_fail(w, e, NULL);
    else
        a->then(w, a->t.right);
}

static void asked_free(void *ctx)
{
    sodium_memzero(ctx, sizeof(struct asked));
    free(ctx);
}

void web_ask_password(struct web *w, const char *password, void (*then)(struct web *w, bool right))
{
    if (w->who.next_try_ms > clock_now_ms()) {
        too_fast(w, w->who.next_try_ms - clock_now_ms());
        return;
    }
    struct asked *a = strlen(password) > PASSWORD_MAX ? NULL : calloc(1, sizeof *a);
    if (a == NULL) {
        web_error(w, 400, "malformed", "the password is too long");
        return;
    }
    a->then = then;
    a->t.who = w->who;
    a->t.known = true;
    (void)snprintf(a->t.password, sizeof a->t.password, "%s", password);
    (void)snprintf(a->t.hash, sizeof a->t.hash, "%s", w->who.password);
    web_keep(w, a, asked_free);
    web_on_hasher(w, try_run, asked_judged);
}

/* --- the hashing thread --- */

void web_keep(struct web *w, void *ctx, void (*release)(void *ctx))
{
    if (w->ctx_free != NULL)
        w->ctx_free(w->ctx);
    w->ctx = ctx;
    w->ctx_free = release;
}

struct hash_job {
    struct web *w;
    void (*run)(void *ctx);
    void (*then)(struct web *w);
};

static void hash_run(void *ctx)
{
    struct hash_job *j = ctx;
    j->run(j->w->ctx);
}

static void hash_done(void *ctx)
{
    struct hash_job *j = ctx;
    j->then(j->w);
    free(j);
}

void web_on_hasher(struct web *w, void (*run)(void *ctx), void (*then)(struct web *w))
{
    struct hash_job *j = calloc(1, sizeof *j);
    if (j == NULL) {
        web_fail(w, ERR_NOMEM, NULL);
        return;
    }
    *j = (struct hash_job){.w = w, .run = run, .then = then};
    if (worker_submit(w->site->c.hasher, hash_run, hash_done, j)) {
        free(j);
        web_fail(w, ERR_NOMEM, NULL);
        return;
    }
    httpd_hold(w->r);
}

enum err web_forget_old(struct site_web *s, uint64_t now_ms)
{
    return logins_drop_old(s->c.people, now_ms - s->c.login_ms, now_ms - s->c.idle_ms);
}
