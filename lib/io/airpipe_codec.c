/* airpipe_codec.c - packets to bytes and back. */
#include "io/airpipe.h"

/* What a payload of each type may weigh, and who may say it. */
static const struct rule {
    size_t most;
    enum airpipe_side from;
} rules[] = {
    [AIRPIPE_KEY] = {ZCHAN_KEY, AIRPIPE_KEEPER},
    [AIRPIPE_ALLOW] = {(size_t)ZCHAN_ALLOW_MAX * (1 + ZCHAN_ID_MAX + ZCHAN_KEY), AIRPIPE_KEEPER},
    [AIRPIPE_BIND] = {ZCHAN_ENDPOINT_MAX, AIRPIPE_KEEPER},
    [AIRPIPE_CONNECT] = {ZCHAN_KEY + ZCHAN_ENDPOINT_MAX, AIRPIPE_KEEPER},
    [AIRPIPE_CLOSE] = {0, AIRPIPE_KEEPER},
    [AIRPIPE_OUT] = {AIRPIPE_PAYLOAD_MAX, AIRPIPE_KEEPER},
    [AIRPIPE_ROUTE] = {4 + 1 + ZCHAN_ID_MAX, AIRPIPE_KEEPER},
    [AIRPIPE_KNOCK] = {4, AIRPIPE_KEEPER},
    [AIRPIPE_SENT] = {4, AIRPIPE_AIRLOCK},
    [AIRPIPE_NOTSENT] = {5, AIRPIPE_AIRLOCK},
    [AIRPIPE_IN] = {AIRPIPE_PAYLOAD_MAX, AIRPIPE_AIRLOCK},
    [AIRPIPE_PEER] = {1 + 4 + 1 + ZCHAN_ID_MAX, AIRPIPE_AIRLOCK},
    [AIRPIPE_LOGLINE] = {AIRPIPE_LINE_MAX, AIRPIPE_AIRLOCK},
};

static bool all_within(struct bytes t, uint8_t lowest)
{
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < lowest || t.p[i] > '~')
            return false;
    }
    return true;
}

static bool name_ok(struct bytes name)
{
    return name.n <= ZCHAN_ID_MAX && all_within(name, '!');
}

static bool endpoint_ok(struct bytes t)
{
    return t.n > 0 && t.n <= ZCHAN_ENDPOINT_MAX && all_within(t, '!');
}

static bool frame_ok(struct bytes f)
{
    return f.n > 0 && f.n <= ZCHAN_FRAME_MAX;
}

static bool list_ok(struct bytes list)
{
    size_t n = 0;
    while (list.n > 0) {
        size_t whole = 1 + (size_t)list.p[0] + ZCHAN_KEY;
        if (++n > ZCHAN_ALLOW_MAX || list.p[0] == 0 || list.n < whole ||
            !name_ok(bytes_of(list.p + 1, list.p[0])))
            return false;
        list = bytes_skip(list, whole);
    }
    return true;
}

/* What must hold of a packet, going and coming. */
static bool msg_ok(const struct airpipe_msg *m)
{
    switch (m->type) {
    case AIRPIPE_KEY:
        return m->key.n == ZCHAN_KEY;
    case AIRPIPE_ALLOW:
        return list_ok(m->list);
    case AIRPIPE_BIND:
        return endpoint_ok(m->text);
    case AIRPIPE_CONNECT:
        return m->key.n == ZCHAN_KEY && endpoint_ok(m->text);
    case AIRPIPE_OUT:
    case AIRPIPE_IN:
        return name_ok(m->name) && frame_ok(m->frame);
    case AIRPIPE_ROUTE:
        return m->name.n > 0 && name_ok(m->name);
    case AIRPIPE_NOTSENT:
        return m->reason > 0 && m->reason < AIRPIPE_REASONS;
    case AIRPIPE_PEER:
        return m->event > 0 && m->event < AIRPIPE_EVENTS && name_ok(m->name);
    case AIRPIPE_LOGLINE:
        return m->text.n <= AIRPIPE_LINE_MAX;
    case AIRPIPE_CLOSE:
    case AIRPIPE_KNOCK:
    case AIRPIPE_SENT:
        return true;
    }
    return false;
}

/* --- to bytes --- */
static void put_u8(struct buf *b, size_t v)
{
    (void)buf_putc(b, (char)(uint8_t)v);
}

static void put_u32(struct buf *b, uint32_t v)
{
    uint8_t p[4];
    put_be32(p, v);
    (void)buf_put(b, bytes_of(p, sizeof p));
}

static void put_name(struct buf *b, struct bytes name)
{
    put_u8(b, name.n);
    (void)buf_put(b, name);
}

static void put_payload(struct buf *b, const struct airpipe_msg *m)
{
    switch (m->type) {
    case AIRPIPE_KEY:
        (void)buf_put(b, m->key);
        break;
    case AIRPIPE_ALLOW:
        (void)buf_put(b, m->list);
        break;
    case AIRPIPE_CONNECT:
        (void)buf_put(b, m->key);
        (void)buf_put(b, m->text);
        break;
    case AIRPIPE_BIND:
    case AIRPIPE_LOGLINE:
        (void)buf_put(b, m->text);
        break;
    case AIRPIPE_OUT:
        put_u32(b, m->ticket);
        put_name(b, m->name);
        (void)buf_put(b, m->frame);
        break;
    case AIRPIPE_IN:
        put_u32(b, m->route);
        put_name(b, m->name);
        (void)buf_put(b, m->frame);
        break;
    case AIRPIPE_ROUTE:
        put_u32(b, m->route);
        put_name(b, m->name);
        break;
    case AIRPIPE_KNOCK:
        put_u32(b, m->route);
        break;
    case AIRPIPE_SENT:
        put_u32(b, m->ticket);
        break;
    case AIRPIPE_NOTSENT:
        put_u32(b, m->ticket);
        put_u8(b, m->reason);
        break;
    case AIRPIPE_PEER:
        put_u8(b, m->event);
        put_u32(b, m->value);
        put_name(b, m->name);
        break;
    case AIRPIPE_CLOSE:
        break;
    }
}

enum err airpipe_put(struct buf *out, const struct airpipe_msg *m)
{
    uint8_t head[AIRPIPE_HEAD] = {0};
    size_t before = out->n;
    if (!msg_ok(m))
        return ERR_INVALID;
    (void)buf_put(out, bytes_of(head, sizeof head));
    put_payload(out, m);
    enum err e = buf_err(out);
    if (e) {
        out->n = before;
        out->e = OK;
        return e;
    }
    put_be32(out->p + before, (uint32_t)(out->n - before - AIRPIPE_HEAD));
    out->p[before + 4] = (uint8_t)m->type;
    return OK;
}

enum err airpipe_allow_put(struct buf *list, const char *name, const uint8_t key[ZCHAN_KEY])
{
    struct bytes n = bytes_str(name);
    if (n.n == 0 || !name_ok(n))
        return ERR_INVALID;
    put_name(list, n);
    return buf_put(list, bytes_of(key, ZCHAN_KEY));
}

/* --- from bytes --- */
static bool take_bytes(struct bytes *from, size_t n, struct bytes *out)
{
    if (from->n < n)
        return false;
    *out = bytes_of(from->p, n);
    *from = bytes_skip(*from, n);
    return true;
}

static bool take_u8(struct bytes *from, uint8_t *out)
{
    struct bytes b;
    if (!take_bytes(from, 1, &b))
        return false;
    *out = b.p[0];
    return true;
}

static bool take_u32(struct bytes *from, uint32_t *out)
{
    struct bytes b;
    if (!take_bytes(from, 4, &b))
        return false;
    *out = get_be32(b.p);
    return true;
}

static bool take_name(struct bytes *from, struct bytes *out)
{
    uint8_t n = 0;
    return take_u8(from, &n) && take_bytes(from, n, out);
}

static bool take_rest(struct bytes *from, struct bytes *out)
{
    return take_bytes(from, from->n, out);
}

bool airpipe_allow_next(struct bytes *list, struct zchan_allowed *out)
{
    struct bytes name;
    struct bytes key;
    if (!take_name(list, &name) || name.n > ZCHAN_ID_MAX || !take_bytes(list, ZCHAN_KEY, &key))
        return false;
    *out = (struct zchan_allowed){0};
    memcpy(out->id, name.p, name.n);
    memcpy(out->key, key.p, key.n);
    return true;
}

enum err airpipe_head(const uint8_t head[AIRPIPE_HEAD], enum airpipe_side from, size_t *out_n)
{
    size_t n = get_be32(head);
    uint8_t type = head[4];
    if (type < AIRPIPE_KEY || type > AIRPIPE_LOGLINE || rules[type].from != from)
        return ERR_INVALID;
    if (n > rules[type].most)
        return ERR_TOOBIG;
    *out_n = n;
    return OK;
}

static bool take_fields(struct airpipe_msg *m, struct bytes *b)
{
    uint8_t reason = 0;
    switch (m->type) {
    case AIRPIPE_KEY:
        return take_bytes(b, ZCHAN_KEY, &m->key);
    case AIRPIPE_ALLOW:
        return take_rest(b, &m->list);
    case AIRPIPE_CONNECT:
        return take_bytes(b, ZCHAN_KEY, &m->key) && take_rest(b, &m->text);
    case AIRPIPE_BIND:
    case AIRPIPE_LOGLINE:
        return take_rest(b, &m->text);
    case AIRPIPE_OUT:
        return take_u32(b, &m->ticket) && take_name(b, &m->name) && take_rest(b, &m->frame);
    case AIRPIPE_IN:
        return take_u32(b, &m->route) && take_name(b, &m->name) && take_rest(b, &m->frame);
    case AIRPIPE_ROUTE:
        return take_u32(b, &m->route) && take_name(b, &m->name);
    case AIRPIPE_KNOCK:
        return take_u32(b, &m->route);
    case AIRPIPE_SENT:
        return take_u32(b, &m->ticket);
    case AIRPIPE_NOTSENT:
        if (!take_u32(b, &m->ticket) || !take_u8(b, &reason))
            return false;
        m->reason = reason < AIRPIPE_REASONS ? (enum airpipe_reason)reason : AIRPIPE_REASONS;
        return true;
    case AIRPIPE_PEER:
        return take_u8(b, &m->event) && take_u32(b, &m->value) && take_name(b, &m->name);
    case AIRPIPE_CLOSE:
        return true;
    }
    return false;
}

enum err airpipe_parse(uint8_t type, struct bytes payload, struct airpipe_msg *out)
{
    if (type < AIRPIPE_KEY || type > AIRPIPE_LOGLINE)
        return ERR_INVALID;
    struct airpipe_msg m = {.type = (enum airpipe_type)type};
    if (!take_fields(&m, &payload) || payload.n != 0 || !msg_ok(&m))
        return ERR_INVALID;
    *out = m;
    return OK;
}
