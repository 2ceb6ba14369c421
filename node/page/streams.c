/* streams.c - the bytes of a stream, whole or a range, for who opened its item within the last quarter of an hour. */
#include "node/page/web.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/text.h"
#include "node/vault/records.h"
#include "node/vault/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct vault *v;
    int64_t stream;
    uint64_t from;
};

/* At most to the end of a chunk: a range that begins inside one would else have every chunk decrypted for two pieces. */
static size_t read_piece(void *ctx, uint64_t at, uint8_t *out, size_t n)
{
    const struct reading *g = ctx;
    size_t got = 0;
    size_t left = VAULT_CHUNK - (size_t)((g->from + at) % VAULT_CHUNK);
    return records_read(g->v, g->stream, g->from + at, out, n < left ? n : left, &got) ? 0 : got;
}

/* --- ranges (RFC 9110 14.1.2): one is served, several or a malformed one are passed over --- */

enum range { RANGE_NONE, RANGE_ONE, RANGE_OFF_THE_END };

static enum range parse_range(const char *header, uint64_t size, uint64_t *from, uint64_t *n)
{
    uint64_t a = 0;
    uint64_t b = 0;
    if (header == NULL || strncmp(header, "bytes=", 6) != 0)
        return RANGE_NONE;
    const char *spec = header + 6;
    const char *dash = strchr(spec, '-');
    if (dash == NULL || strchr(spec, ',') != NULL)
        return RANGE_NONE;
    struct bytes left = bytes_of(spec, (size_t)(dash - spec));
    struct bytes right = bytes_str(dash + 1);
    if (left.n == 0) { /* the last b bytes */
        if (parse_u64(right, UINT64_MAX, &b))
            return RANGE_NONE;
        if (b == 0 || size == 0)
            return RANGE_OFF_THE_END;
        *n = b < size ? b : size;
        *from = size - *n;
        return RANGE_ONE;
    }
    if (parse_u64(left, UINT64_MAX, &a) ||
        (right.n > 0 && (parse_u64(right, UINT64_MAX, &b) || b < a)))
        return RANGE_NONE;
    if (a >= size)
        return RANGE_OFF_THE_END;
    uint64_t end = right.n == 0 || b >= size ? size - 1 : b;
    *from = a;
    *n = end - a + 1;
    return RANGE_ONE;
}

/* --- whose stream --- */

struct search {
    struct hash want;
    struct record_stream found;
    bool is;
};

static enum err look(void *ctx, const struct record_stream *s, const char *doc, const char *clock)
{
    struct search *q = ctx;
    (void)doc;
    (void)clock;
    if (!q->is && hash_eq(s->sha256, q->want)) {
        q->found = *s;
        q->is = true;
    }
    return OK;
}

/* The item that the query names, by itself or through an assignment. */
static enum err item_of(struct web *w, char out[WORK_ID])
{
    struct assignment_row a;
    const char *assignment = httpd_query(w->r, "assignment");
    const char *item = httpd_query(w->r, "item");
    if (assignment != NULL) {
        enum err e = work_get(w->app->vault, assignment, &a);
        if (!e)
            memcpy(out, a.item, WORK_ID);
        return e;
    }
    if (item == NULL || strlen(item) >= WORK_ID)
        return ERR_NOTFOUND;
    memcpy(out, item, strlen(item) + 1);
    return OK;
}

static void send_stream(struct web *w, const struct record_stream *s)
{
    char text[100];
    uint64_t from = 0;
    uint64_t n = s->bytes;
    enum range r = parse_range(httpd_header_in(w->r, "Range"), s->bytes, &from, &n);
    httpd_header_out(w->r, "Cache-Control", "no-store");
    httpd_header_out(w->r, "Accept-Ranges", "bytes");
    if (r == RANGE_OFF_THE_END) {
        (void)snprintf(text, sizeof text, "bytes */%llu", (unsigned long long)s->bytes);
        httpd_header_out(w->r, "Content-Range", text);
        httpd_reply_static(w->r, 416, NULL, bytes_of(NULL, 0));
        return;
    }
    struct reading *g = calloc(1, sizeof *g);
    if (g == NULL) {
        web_fail(w, ERR_NOMEM, NULL);
        return;
    }
    *g = (struct reading){.v = w->app->vault, .stream = s->id, .from = from};
    if (r == RANGE_ONE) {
        (void)snprintf(text, sizeof text, "bytes %llu-%llu/%llu", (unsigned long long)from,
                       (unsigned long long)(from + n - 1), (unsigned long long)s->bytes);
        httpd_header_out(w->r, "Content-Range", text);
    }
    httpd_reply_reader(w->r, r == RANGE_ONE ? 206 : 200, s->media_type, n, read_piece, free, g);
}

void route_stream(struct web *w)
{
    char item[WORK_ID];
    struct search q = {0};
    if (hash_parse_hex(bytes_str(w->param), &q.want)) {
        web_fail(w, ERR_NOTFOUND, NULL);
        return;
    }
    enum err e = item_of(w, item);
    if (e) {
        web_fail(w, e, NULL);
        return;
    }
    if (!opening_stands(w->page, w->who.id, item, clock_now_ms())) {
        web_error(w, 403, "opening",
                  "open the assignment first: its streams can be read for 15 minutes");
        return;
    }
    e = records_of_item(w->app->vault, item, look, &q);
    if (!e && !q.is)
        e = ERR_NOTFOUND;
    if (e)
        web_fail(w, e, NULL);
    else if (!q.found.whole)
        web_error(w, 404, "missing",
                  "the record is not here: the bundle named it without its bytes");
    else
        send_stream(w, &q.found);
}
