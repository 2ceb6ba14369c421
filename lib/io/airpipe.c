/* airpipe.c - packets over a stream socket, without waiting. */
#include "io/airpipe.h"

#include <errno.h>
#include <sodium.h>
#include <sys/socket.h>

enum {
    READ_STEP = 256 * 1024,
    IN_FIRST = 4096 /* a KEY fits, so no growing buffer leaves a copy of one behind */
};

enum err airpipe_init(struct airpipe *p, int fd, enum airpipe_side self, size_t out_max)
{
    *p = (struct airpipe){.fd = fd, .self = self};
    buf_init(&p->in, AIRPIPE_HEAD + AIRPIPE_PAYLOAD_MAX);
    buf_init(&p->out, out_max);
    return buf_reserve(&p->in, IN_FIRST) == NULL ? ERR_NOMEM : OK;
}

void airpipe_fini(struct airpipe *p)
{
    buf_fini_wipe(&p->in);
    buf_fini(&p->out);
}

size_t airpipe_backlog(const struct airpipe *p)
{
    return p->out.n - p->sent;
}

/* --- in --- */
static enum airpipe_side other(const struct airpipe *p)
{
    return p->self == AIRPIPE_KEEPER ? AIRPIPE_AIRLOCK : AIRPIPE_KEEPER;
}

static enum err fill(struct airpipe *p, size_t want)
{
    while (p->in.n < want) {
        size_t step = want - p->in.n < READ_STEP ? want - p->in.n : READ_STEP;
        uint8_t *to = buf_reserve(&p->in, step);
        if (to == NULL)
            return ERR_NOMEM;
        ssize_t n = recv(p->fd, to, step, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? ERR_AGAIN : ERR_CLOSED;
        if (n == 0)
            return ERR_CLOSED;
        buf_commit(&p->in, (size_t)n);
    }
    return OK;
}

/* Forgets the packet handed out before. */
static void begin_anew(struct airpipe *p)
{
    size_t n = 0;
    if (p->in.n < AIRPIPE_HEAD || airpipe_head(p->in.p, other(p), &n) || p->in.n < AIRPIPE_HEAD + n)
        return;
    if (p->in.p[4] == AIRPIPE_KEY)
        sodium_memzero(p->in.p, p->in.n);
    buf_clear(&p->in);
}

enum err airpipe_read(struct airpipe *p, struct airpipe_msg *out)
{
    size_t n = 0;
    begin_anew(p);
    enum err e = fill(p, AIRPIPE_HEAD);
    if (!e)
        e = airpipe_head(p->in.p, other(p), &n);
    if (!e)
        e = fill(p, AIRPIPE_HEAD + n);
    if (!e)
        e = airpipe_parse(p->in.p[4], bytes_of(p->in.p + AIRPIPE_HEAD, n), out);
    return e;
}

/* --- out --- */
enum err airpipe_flush(struct airpipe *p)
{
    while (p->sent < p->out.n) {
        ssize_t n =
            send(p->fd, p->out.p + p->sent, p->out.n - p->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? OK : ERR_CLOSED;
        p->sent += (size_t)n;
    }
    buf_clear(&p->out);
    p->sent = 0;
    return OK;
}

/* A secret is written from the stack straight into the socket, and wiped. */
static enum err write_key(struct airpipe *p, struct bytes key)
{
    uint8_t packet[AIRPIPE_HEAD + ZCHAN_KEY] = {0, 0, 0, ZCHAN_KEY, AIRPIPE_KEY};
    if (key.n != ZCHAN_KEY)
        return ERR_INVALID;
    if (airpipe_backlog(p) > 0)
        return ERR_AGAIN;
    memcpy(packet + AIRPIPE_HEAD, key.p, ZCHAN_KEY);
    ssize_t n = send(p->fd, packet, sizeof packet, MSG_NOSIGNAL | MSG_DONTWAIT);
    sodium_memzero(packet, sizeof packet);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return ERR_AGAIN;
    return n == (ssize_t)sizeof packet ? OK : ERR_CLOSED;
}

static void compact(struct airpipe *p)
{
    if (p->sent == 0 || p->sent < p->out.n / 2)
        return;
    memmove(p->out.p, p->out.p + p->sent, p->out.n - p->sent);
    p->out.n -= p->sent;
    p->sent = 0;
}

enum err airpipe_write(struct airpipe *p, const struct airpipe_msg *m)
{
    if (m->type == AIRPIPE_KEY)
        return write_key(p, m->key);
    compact(p);
    enum err e = airpipe_put(&p->out, m);
    if (e)
        return e == ERR_TOOBIG ? ERR_AGAIN : e;
    return airpipe_flush(p);
}
