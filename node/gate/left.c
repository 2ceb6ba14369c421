/* left.c - what crossed this site's wall, read back out of the exchange log: for the command and for the page. */
#include "node/gate/left.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/wire/body_json.h"
#include "core/wire/frame.h"
#include "core/wire/msgnote.h"
#include "host/say.h"
#include "node/calls.h"
#include "node/gate/uplink.h"

#include <stdio.h>
#include <string.h>

enum { FLOOR = 64 * 1024 };

enum err left_open_log(struct app *a, struct logstore **own, struct logstore **out, struct diag *d)
{
    char origin[APP_ORIGIN];
    if (a->uplink != NULL) {
        *out = uplink_log(a->uplink);
        return OK;
    }
    enum err e = logstore_open_unsigned(a->dir, "log", app_origin(a, "", origin),
                                        keyring_secret(a->keyring, KEYRING_LOG), own, d);
    *out = *own;
    return e == ERR_NOTFOUND ? OK : e;
}

/* --- one entry --- */

/* What can be told without the frame's file. */
struct brief {
    struct entry entry;
    const char *direction; /* NULL: no message */
    char type[LEFT_TYPE];
};

static enum err brief_of(struct bytes text, struct brief *out)
{
    struct note n;
    struct msgnote m;
    if (entry_parse(text, &out->entry))
        return ERR_CORRUPT;
    out->direction = NULL;
    if (out->entry.kind == ENTRY_LOCAL)
        return OK;
    out->direction = out->entry.kind == ENTRY_OUT ? "out" : "in";
    (void)snprintf(out->type, sizeof out->type, "rejected");
    if (out->entry.kind == ENTRY_REJ)
        return OK;
    if (note_parse(out->entry.note, &n) || msgnote_parse(n.text, &m) || m.type.n >= LEFT_TYPE)
        return ERR_CORRUPT;
    (void)snprintf(out->type, sizeof out->type, "%.*s", (int)m.type.n, (const char *)m.type.p);
    return OK;
}

static bool fits(const struct left_filter *f, const struct brief *b)
{
    return b->direction != NULL && b->entry.frame_size >= f->at_least &&
           b->entry.time_ms >= f->from_ms && (f->to_ms == 0 || b->entry.time_ms < f->to_ms) &&
           (f->direction[0] == '\0' || strcmp(f->direction, b->direction) == 0) &&
           (f->type[0] == '\0' || strcmp(f->type, b->type) == 0);
}

/* NULL where the frame is none of ours to read, or is no longer kept. */
static enum err says_of(const struct brief *b, struct bytes bytes, json_t **out)
{
    CLEANUP(arena_fini) struct arena mem = {.last = NULL};
    struct frame f;
    struct body body;
    if (b->entry.kind == ENTRY_REJ || bytes.p == NULL)
        return OK;
    arena_init(&mem, bytes.n * FRAME_BUDGET + FLOOR);
    if (frame_read(bytes, &mem, &f) || body_read(f.body, &mem, &body))
        return ERR_CORRUPT;
    *out = body_json(&body);
    return *out == NULL ? ERR_NOMEM : OK;
}

static enum err add_whole(json_t *row, const struct brief *b, struct bytes frame)
{
    CLEANUP(buf_fini) struct buf raw = BUF_INIT((size_t)2 * LOGSTORE_FRAME_MAX);
    json_t *note = b->entry.note.n == 0
                       ? json_null()
                       : json_stringn((const char *)b->entry.note.p, b->entry.note.n);
    enum err e = base64_put(&raw, frame);
    if (e || note == NULL ||
        json_object_set_new(row, "base64", json_stringn((const char *)raw.p, raw.n)) != 0) {
        json_decref(note);
        return e ? e : ERR_NOMEM;
    }
    return json_object_set_new(row, "note", note) != 0 ? ERR_NOMEM : OK;
}

enum err left_message(struct logstore *log, uint64_t index, bool whole, json_t **out)
{
    struct logstore_item item;
    struct brief b;
    char words[LEFT_WORDS];
    AUTO_JSON says = NULL;
    *out = NULL;
    enum err e = logstore_get(log, index, &item);
    if (!e)
        e = brief_of(item.text, &b);
    if (e || b.direction == NULL)
        return e;
    e = says_of(&b, item.frame, &says);
    if (e)
        return e;
    left_words(b.direction, b.type, says, words);
    if (!whole && strcmp(b.type, "document") == 0)
        (void)json_object_del(says, "note"); /* up to a mebibyte: in the whole row only */
    AUTO_JSON row = json_pack(
        "{s:I, s:I, s:s, s:s, s:s, s:I, s:s, s:O?}", "index", (json_int_t)index, "at_ms",
        (json_int_t)b.entry.time_ms, "direction", b.direction, "type", b.type, "words", words,
        "bytes", (json_int_t)b.entry.frame_size, "frame", hash_uri(b.entry.frame).s, "says", says);
    if (row == NULL)
        return ERR_NOMEM;
    e = whole ? add_whole(row, &b, item.frame) : OK;
    if (!e)
        *out = MOVE(row);
    return e;
}

/* --- lists --- */

static enum err brief_at(struct logstore *log, uint64_t index, struct brief *out)
{
    struct bytes text;
    enum err e = logstore_text(log, index, &text);
    return e ? e : brief_of(text, out);
}

/* Goes on from where the last call ended. */
static enum err count(struct app *a, struct logstore *log)
{
    struct crossed *c = &a->crossed;
    uint64_t size = log == NULL ? 0 : logstore_size(log);
    while (c->upto < size) {
        struct brief b;
        enum err e = brief_at(log, c->upto, &b);
        if (e)
            return e;
        c->upto++;
        if (b.direction == NULL)
            continue;
        bool out = b.entry.kind == ENTRY_OUT;
        *(out ? &c->out_n : &c->in_n) += 1;
        *(out ? &c->out_bytes : &c->in_bytes) += b.entry.frame_size;
    }
    return OK;
}

static enum err pick(struct logstore *log, const struct left_filter *f, json_t *rows,
                     uint64_t *next)
{
    uint64_t size = log == NULL ? 0 : logstore_size(log);
    uint64_t i = f->before != 0 && f->before < size ? f->before : size;
    for (unsigned seen = 0; i > f->since; i--, seen++) {
        struct brief b;
        json_t *row = NULL;
        if (json_array_size(rows) == LEFT_MAX || seen == LEFT_SCAN)
            break;
        enum err e = brief_at(log, i - 1, &b);
        if (!e && fits(f, &b))
            e = left_message(log, i - 1, false, &row);
        if (!e && row != NULL && json_array_append_new(rows, row) != 0)
            e = ERR_NOMEM;
        if (e)
            return e;
    }
    *next = i > f->since ? i : 0;
    return OK;
}

enum err left_list(struct app *a, const struct left_filter *f, json_t **out)
{
    struct diag d = {0};
    AUTO(logstore) own = NULL;
    struct logstore *log = NULL;
    AUTO_JSON rows = json_array();
    uint64_t next = 0;
    enum err e = left_open_log(a, &own, &log, &d);
    if (!e)
        e = count(a, log);
    if (!e)
        e = pick(log, f, rows, &next);
    if (e)
        return e;
    const struct crossed *c = &a->crossed;
    *out = json_pack("{s:O, s:o, s:I, s:{s:{s:I, s:I}, s:{s:I, s:I}}}", "left", rows, "next",
                     next == 0 ? json_null() : json_integer((json_int_t)next), "size",
                     (json_int_t)(log == NULL ? 0 : logstore_size(log)), "totals", "out", "n",
                     (json_int_t)c->out_n, "bytes", (json_int_t)c->out_bytes, "in", "n",
                     (json_int_t)c->in_n, "bytes", (json_int_t)c->in_bytes);
    return *out == NULL ? ERR_NOMEM : OK;
}

enum err left_one(struct app *a, uint64_t index, json_t **out)
{
    struct diag d = {0};
    AUTO(logstore) own = NULL;
    struct logstore *log = NULL;
    enum err e = left_open_log(a, &own, &log, &d);
    if (!e)
        e = log == NULL || index >= logstore_size(log) ? ERR_NOTFOUND
                                                       : left_message(log, index, true, out);
    return e ? e : *out == NULL ? ERR_NOTFOUND : OK;
}

/* --- the command --- */

static void tell_one(struct call *c)
{
    json_t *row = NULL;
    enum err e = left_one(c->app, call_u64(c, "index"), &row);
    if (row != NULL)
        call_row(c, row);
    call_end(c, exit_of(e),
             e ? "the exchange log has no such message: `left --all` lists them" : NULL);
}

void call_left(struct call *c)
{
    struct diag d = {0};
    AUTO(logstore) own = NULL;
    struct logstore *log = NULL;
    const struct left_filter f = {.direction = call_flag(c, "all") ? "" : "out", .type = ""};
    if (call_flag(c, "one")) {
        tell_one(c);
        return;
    }
    enum err e = left_open_log(c->app, &own, &log, &d);
    for (uint64_t i = log == NULL ? 0 : logstore_size(log); i > 0 && !e; i--) {
        struct brief b;
        json_t *row = NULL;
        e = brief_at(log, i - 1, &b);
        if (!e && fits(&f, &b))
            e = left_message(log, i - 1, false, &row);
        if (row != NULL)
            call_row(c, row);
    }
    if (e)
        call_end_diag(c, e, "left", &d);
    else
        call_end(c, EXIT_OK, NULL);
}
