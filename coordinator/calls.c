/* calls.c - requests of commands at the running daemon. */
#include "coordinator/calls.h"

#include "coordinator/assets.h"

#include "base/hex.h"
#include "base/log.h"
#include "coordinator/documents.h"
#include "coordinator/store/watch.h"
#include "coordinator/users.h"
#include "host/say.h"
#include "io/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Somebody who asked. The peer is looked up anew each time: it may have gone. */
struct asker {
    struct calls *calls;
    uint64_t peer;
    int to; /* folder for a copy, or file of a document; -1: none */
};

static void tell(const struct asker *who, json_t *message)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(ADMIN_MAX);
    struct admin_peer *p = admin_find(who->calls->admin, who->peer);
    enum err e = message == NULL ? ERR_NOMEM : json_canonical(message, &b);
    if (p != NULL && !e)
        e = admin_send(p, buf_bytes(&b));
    if (e)
        LOG_WARN("admin.reply", e, "%s", "");
    json_decref(message);
}

static void tell_row(void *ctx, json_t *row)
{
    tell(ctx, json_pack("{s:o}", "row", row));
}

static void tell_end(const struct asker *who, int code, const char *text)
{
    tell(who, json_pack("{s:{s:i, s:s?}}", "end", "exit", code, "text", text));
}

static void tell_error(const struct asker *who, enum err e, const struct diag *d)
{
    tell_end(who, exit_of(e), d->text[0] != '\0' ? d->text : err_name(e));
}

static void status(struct asker *who)
{
    struct diag d = {0};
    struct calls *c = who->calls;
    enum err e = calls_status(c->relay->app, c->relay, c->listening, tell_row, who);
    if (e)
        tell_error(who, e, &d);
    else
        tell_end(who, EXIT_OK, NULL);
}

static void asker_free(struct asker *who)
{
    fd_auto(&who->to);
    free(who);
}

/* --- users --- */

struct user_call {
    struct asker *who;
    struct users_job job;
};

static void user_done(void *ctx)
{
    struct user_call *u = ctx;
    struct diag d = {0};
    json_t *row = NULL;
    enum err e = users_end(u->who->calls->relay->app, &u->job, &row, &d);
    if (e) {
        tell_error(u->who, e, &d);
    } else {
        tell_row(u->who, row);
        tell_end(u->who, EXIT_OK, NULL);
    }
    users_wipe(&u->job);
    asker_free(u->who);
    free(u);
}

static void user_run(void *ctx)
{
    struct user_call *u = ctx;
    users_run(&u->job);
}

/* Takes `who`. */
static void user_change(struct asker *who, const json_t *request)
{
    struct diag d = {0};
    struct user_call *u = calloc(1, sizeof *u);
    enum err e = u == NULL ? ERR_NOMEM
                           : users_begin(who->calls->relay->app, json_text(request, "verb"),
                                         json_text(request, "user"), json_text(request, "name"),
                                         &u->job, &d);
    if (!e) {
        u->who = who;
        e = worker_submit(who->calls->hasher, user_run, user_done, u);
    }
    if (!e)
        return;
    tell_error(who, e, &d);
    asker_free(who);
    free(u);
}

static enum err tell_person(void *ctx, const struct person *p)
{
    tell_row(ctx, users_json(p));
    return OK;
}

static void user_list(struct asker *who)
{
    struct diag d = {0};
    enum err e = people_all(store_people(who->calls->relay->app->store), tell_person, who);
    if (e)
        tell_error(who, e, &d);
    else
        tell_end(who, EXIT_OK, NULL);
}

/* --- log settle --- */

static void put_key(struct buf *b, const char *before, const struct vkey *k)
{
    (void)buf_puts(b, before);
    (void)vkey_put(k, b);
    (void)buf_putc(b, '\n');
}

enum err calls_copied(struct member *m, const struct checkpoint *c, json_t **out)
{
    CLEANUP(buf_fini) struct buf policy = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf keys = BUF_INIT(4096);
    struct link_keys own;
    struct link_keys peer;
    enum err e = member_keys(m->relay, &m->party, &own, &peer);
    if (e)
        return e;
    put_key(&policy, "log ", &own.log);
    put_key(&policy, "log ", &peer.log);
    put_key(&policy, "witness site ", &peer.witness);
    (void)buf_puts(&policy, "quorum site\n");
    put_key(&keys, "", &own.msg);
    put_key(&keys, "", &peer.msg);
    if (buf_err(&policy) || buf_err(&keys))
        return ERR_NOMEM;
    *out = json_pack("{s:s, s:I, s:s, s:s}", "origin", c->origin, "size", (json_int_t)c->size,
                     "policy", buf_cstr(&policy), "keys", buf_cstr(&keys));
    return *out == NULL ? ERR_NOMEM : OK;
}

static void on_settled(void *ctx, struct member *m, bool settled)
{
    struct asker *who = ctx;
    struct checkpoint c = {0};
    struct diag d = {0};
    json_t *row = NULL;
    enum err e = member_copy(m, who->to, &c, &d);
    if (!e)
        e = calls_copied(m, &c, &row);
    if (e) {
        tell_error(who, e, &d);
    } else {
        tell_row(who, row);
        tell_end(who, settled ? EXIT_OK : EXIT_AGAIN,
                 settled ? NULL
                         : "copied, but not settled: the site has not confirmed all of it. Is it "
                           "connected? Copy again into a new folder when it is");
    }
    asker_free(who);
}

/* Takes `who` where it is OK. */
static enum err settle(struct asker *who, const char *site, struct diag *d)
{
    struct member *m = relay_find(who->calls->relay, site);
    struct member_settle want = {.done = on_settled, .ctx = who};
    if (who->to < 0)
        return diag_set(d, ERR_INVALID, "a folder has to come with the request");
    if (m == NULL)
        return diag_set(d, ERR_NOTFOUND, "no active site of this name is in the roster in force");
    enum err e = member_settle(m, &want);
    return e ? diag_set(d, e, "another copy of this log is under way") : OK;
}

/* --- install, propose --- */

static enum err read_file(int fd, struct buf *out, struct diag *d)
{
    size_t n = 0;
    uint8_t *to = buf_reserve(out, ASSET_MAX + 1);
    if (to == NULL)
        return ERR_NOMEM;
    enum err e = fd_read_some(fd, to, ASSET_MAX + 1, &n);
    if (e)
        return diag_set(d, e, "it cannot be read (%s)", err_name(e));
    buf_commit(out, n);
    return n > ASSET_MAX
               ? diag_set(d, ERR_TOOBIG, "larger than any signed document, and than 16 MiB")
               : OK;
}

static const char *state_of(const struct taking *t)
{
    if (t->in_force)
        return t->known ? "here already" : "in force";
    return t->known ? "proposed already" : "proposed";
}

static json_t *taken_json(const struct taking *t)
{
    char words[FINGERPRINT_TEXT];
    document_fingerprint(t->hash, words);
    json_t *row =
        json_pack("{s:s, s:I, s:o, s:s, s:s}", "kind", document_kind_name(t->kind), "version",
                  (json_int_t)t->version, "hash", json_string(hash_uri(t->hash).s), "state",
                  state_of(t), "fingerprint", words);
    if (row != NULL && !t->in_force) {
        (void)json_object_set_new(row, "valid", json_integer(t->valid));
        (void)json_object_set_new(row, "need", json_integer(t->need));
    }
    return row;
}

/* What comes with a campaign and is no note: a picture that a guideline names. */
static enum err take_picture(struct app *a, struct bytes data, struct relay *changed, json_t **row,
                             struct diag *d)
{
    struct hash h;
    bool known = false;
    enum err e = assets_bring(a, data, &h, &known, d);
    if (e)
        return e;
    if (changed != NULL)
        relay_changed(changed, !known, false);
    *row = json_pack("{s:s, s:s, s:s}", "kind", "picture", "state",
                     known ? "here already" : "taken", "hash", hash_uri(h).s);
    return *row == NULL ? ERR_NOMEM : OK;
}

enum err calls_take(struct app *a, bool propose, enum document_kind kind, int file,
                    struct relay *changed, json_t **row, struct diag *d)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)ASSET_MAX + 1);
    struct taking t = {.kind = kind};
    enum err e = read_file(file, &note, d);
    if (!e && kind == DOCUMENT_CAMPAIGN && !bytes_begin(buf_bytes(&note), bytes_str("cloister-")))
        return take_picture(a, buf_bytes(&note), changed, row, d);
    if (!e)
        e = (propose ? documents_offer : documents_install)(a, kind, buf_bytes(&note), &t, d);
    if (e)
        return e == ERR_FULL && propose ? ERR_AGAIN
                                        : e; /* when one of those that wait is through */
    if (changed != NULL)
        relay_changed(changed, !t.known, !t.known && t.in_force && t.kind == DOCUMENT_ROSTER);
    LOG_INFO("document.given", "kind=%s version=%llu state=%s", document_kind_name(t.kind),
             (unsigned long long)t.version, t.in_force ? "in-force" : "proposed");
    *row = taken_json(&t);
    return *row == NULL ? ERR_NOMEM : OK;
}

static enum err take(struct asker *who, bool propose, const char *kind, struct diag *d)
{
    struct relay *r = who->calls->relay;
    enum document_kind is = DOCUMENT_CAMPAIGN;
    json_t *row = NULL;
    if (who->to < 0 || !document_kind_of(kind, &is) ||
        (is != DOCUMENT_ROSTER && is != DOCUMENT_POLICY && (propose || is != DOCUMENT_CAMPAIGN)))
        return diag_set(d, ERR_INVALID, "a kind and a file have to come with the request");
    enum err e = calls_take(r->app, propose, is, who->to, r, &row, d);
    if (!e) {
        tell_row(who, row);
        tell_end(who, EXIT_OK, NULL);
    }
    return e;
}

/* --- the socket --- */

static bool is(const char *cmd, const char *name)
{
    return strcmp(cmd, name) == 0;
}

/* Takes `who`. */
static void dispatch(struct asker *who, const json_t *request)
{
    const char *cmd = json_text(request, "cmd");
    struct diag d = {0};
    enum err e = OK;
    if (is(cmd, "status")) {
        status(who);
    } else if (is(cmd, "install") || is(cmd, "propose")) {
        e = take(who, is(cmd, "propose"), json_text(request, "kind"), &d);
    } else if (is(cmd, "user_list")) {
        user_list(who);
    } else if (is(cmd, "user")) {
        user_change(who, request);
        return;
    } else if (is(cmd, "log_settle")) {
        e = settle(who, json_text(request, "site"), &d);
        if (!e)
            return; /* it answers later */
    } else {
        tell_end(who, EXIT_USAGE,
                 "the running daemon does not know this command: is it an older version? Restart "
                 "it");
    }
    if (e)
        tell_error(who, e, &d);
    asker_free(who);
}

static void on_message(void *ctx, struct admin_peer *p, struct bytes payload, int fds[ADMIN_FDS],
                       size_t n)
{
    AUTO_JSON request = NULL;
    struct asker *who = calloc(1, sizeof *who);
    if (who == NULL || json_read(payload, ADMIN_MAX, &request, NULL)) {
        free(who);
        admin_finish(p);
        return;
    }
    *who = (struct asker){.calls = ctx, .peer = admin_peer_id(p), .to = n > 0 ? fds[0] : -1};
    if (n > 0)
        fds[0] = -1;
    dispatch(who, request);
}

static void on_closed(void *ctx, struct admin_peer *p)
{
    (void)ctx; /* its number is never used again */
    (void)p;
}

struct admin_events calls_events(struct calls *c)
{
    return (struct admin_events){.message = on_message, .closed = on_closed, .ctx = c};
}
