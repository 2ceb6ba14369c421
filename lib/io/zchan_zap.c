/* zchan_zap.c - the ZAP handler (RFC 27 of rfc.zeromq.org), and the proof that it is asked.
 *
 * Without a bound handler libzmq lets every key in, whatever the domain says (measured). So nothing is bound to the outside
 * before a key that nobody knows has been seen refused. */
#include "io/zchan_in.h"

#include "base/clock.h"
#include "base/rng.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>

enum { REQUESTS_A_STEP = 64, STATUS_REFUSED = 400 };

enum { VERSION, REQUEST_ID, DOMAIN, ADDRESS, ROUTING_ID, MECHANISM, CREDENTIALS };

static void msg_end(zmq_msg_t *m)
{
    (void)zmq_msg_close(m);
}

static const char *owner_of(const struct zchan_list *l, const uint8_t key[ZCHAN_KEY])
{
    for (size_t i = 0; i < l->n; i++) {
        if (memcmp(l->p[i].key, key, ZCHAN_KEY) == 0)
            return l->p[i].id;
    }
    return NULL;
}

struct zchan_zap_answer zchan_zap_decide(const struct zchan_list *l, const struct bytes *part,
                                         size_t n)
{
    struct zchan_zap_answer a = {0};
    if (n != ZCHAN_ZAP_PARTS || !bytes_eq(part[VERSION], bytes_str("1.0")) ||
        !bytes_eq(part[MECHANISM], bytes_str("CURVE")) || part[CREDENTIALS].n != ZCHAN_KEY)
        return a;
    size_t shown = part[ADDRESS].n < sizeof a.address ? part[ADDRESS].n : sizeof a.address - 1;
    if (shown > 0)
        memcpy(a.address, part[ADDRESS].p, shown);
    memcpy(a.key, part[CREDENTIALS].p, ZCHAN_KEY);
    a.id = owner_of(l, a.key);
    a.well_formed = true;
    return a;
}

enum err zchan_zap_bind(struct zchan *z)
{
    const int no_linger = 0;
    z->zap = zmq_socket(z->context, ZMQ_REP);
    if (z->zap == NULL || zmq_setsockopt(z->zap, ZMQ_LINGER, &no_linger, sizeof no_linger) != 0 ||
        zmq_bind(z->zap, "inproc://zeromq.zap.01") != 0)
        return err_from_errno(errno);
    return OK;
}

/* All parts of one request; *out_n counts those beyond the array too. ERR_AGAIN: none waits. */
static enum err request_read(void *zap, zmq_msg_t part[ZCHAN_ZAP_PARTS], size_t *out_n)
{
    size_t n = 0;
    bool more = true;
    while (more) {
        CLEANUP(msg_end) zmq_msg_t surplus;
        (void)zmq_msg_init(&surplus);
        zmq_msg_t *to = n < ZCHAN_ZAP_PARTS ? &part[n] : &surplus;
        if (zmq_msg_recv(to, zap, ZMQ_DONTWAIT) < 0)
            return errno == EAGAIN || errno == EINTR ? ERR_AGAIN : err_from_errno(errno);
        more = zmq_msg_more(to) != 0;
        n++;
    }
    *out_n = n;
    return OK;
}

static enum err reply(void *zap, struct bytes request_id, const char *id)
{
    const char *ok = id != NULL ? "200" : "400";
    const char *text = id != NULL ? "OK" : "unknown key";
    const struct bytes parts[] = {bytes_str("1.0"),
                                  request_id,
                                  bytes_str(ok),
                                  bytes_str(text),
                                  bytes_str(id != NULL ? id : ""),
                                  bytes_of("", 0)};
    const size_t n = sizeof parts / sizeof parts[0];
    for (size_t i = 0; i < n; i++) {
        if (zmq_send(zap, parts[i].p, parts[i].n, i + 1 < n ? ZMQ_SNDMORE : 0) < 0)
            return err_from_errno(errno);
    }
    return OK;
}

static enum err one_request(struct zchan *z)
{
    zmq_msg_t part[ZCHAN_ZAP_PARTS];
    struct bytes view[ZCHAN_ZAP_PARTS] = {{0}};
    size_t n = 0;
    for (size_t i = 0; i < ZCHAN_ZAP_PARTS; i++)
        (void)zmq_msg_init(&part[i]);
    enum err e = request_read(z->zap, part, &n);
    if (!e) {
        for (size_t i = 0; i < ZCHAN_ZAP_PARTS; i++)
            view[i] = bytes_of(zmq_msg_data(&part[i]), zmq_msg_size(&part[i]));
        struct zchan_zap_answer a = zchan_zap_decide(&z->allowed, view, n);
        e = reply(z->zap, view[REQUEST_ID], a.id);
        if (a.id != NULL)
            z->events.event(z->events.ctx, ZCHAN_ADMITTED, a.id, 0);
        else if (a.well_formed && z->events.refused != NULL && !z->testing)
            z->events.refused(z->events.ctx, a.address, a.key);
    }
    for (size_t i = 0; i < ZCHAN_ZAP_PARTS; i++)
        msg_end(&part[i]);
    return e;
}

enum err zchan_zap_step(struct zchan *z)
{
    for (int i = 0; i < REQUESTS_A_STEP; i++) {
        enum err e = one_request(z);
        if (e)
            return e == ERR_AGAIN ? OK : e;
    }
    return OK;
}

/* --- the proof --- */
struct proof {
    void *server;
    void *client;
    void *monitor; /* of the client */
};

static void proof_end(struct proof *p)
{
    zchan_close_watched(p->client, p->monitor);
    if (p->server != NULL)
        (void)zmq_close(p->server);
}

/* A server with the outside's settings and a throw-away key, on an abstract Unix socket of a random name: no file, and no
 * firewall stands between. The client's key is thrown away too. */
static enum err proof_start(struct zchan *z, struct proof *p)
{
    uint8_t secret[2][ZCHAN_KEY];
    uint8_t server_key[ZCHAN_KEY];
    uint64_t name = 0;
    char endpoint[64];
    rng_fill(secret, sizeof secret);
    rng_fill(&name, sizeof name);
    (void)snprintf(endpoint, sizeof endpoint, "ipc://@cloister-%016llx", (unsigned long long)name);
    if (crypto_scalarmult_base(server_key, secret[0]) != 0)
        return ERR_INTERNAL;
    p->server = zchan_socket(z->context, ZCHAN_ROUTER);
    p->client = zchan_socket(z->context, ZCHAN_DEALER);
    if (p->server == NULL || p->client == NULL)
        return err_from_errno(errno);
    p->monitor = zchan_monitor_of(z, p->client);
    if (p->monitor == NULL)
        return err_from_errno(errno);
    enum err e = zchan_set_server(p->server, secret[0]);
    if (!e)
        e = zchan_set_client(p->client, secret[1], server_key);
    if (e)
        return e;
    if (zmq_bind(p->server, endpoint) != 0 || zmq_connect(p->client, endpoint) != 0)
        return err_from_errno(errno);
    return OK;
}

/* ERR_AGAIN: nothing is decided yet. */
static enum err proof_look(void *monitor)
{
    struct zchan_seen seen = {.event = -1};
    while (seen.event != 0) {
        enum err e = zchan_monitor_next(monitor, &seen);
        if (e)
            return e;
        if (seen.event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
            return seen.value == STATUS_REFUSED ? OK : ERR_DENIED;
        if (seen.event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            return ERR_DENIED;
    }
    return ERR_AGAIN;
}

static enum err proof_watch(struct zchan *z, const struct proof *p)
{
    uint64_t end = clock_mono_ms() + ZCHAN_SELF_TEST_MS;
    for (uint64_t now = clock_mono_ms(); now < end; now = clock_mono_ms()) {
        zmq_pollitem_t item[2] = {{.socket = p->monitor, .events = ZMQ_POLLIN},
                                  {.socket = z->zap, .events = ZMQ_POLLIN}};
        if (zmq_poll(item, z->zap != NULL ? 2 : 1, (long)(end - now)) < 0 && errno != EINTR)
            return err_from_errno(errno);
        enum err e = z->zap != NULL ? zchan_zap_step(z) : OK;
        if (!e)
            e = proof_look(p->monitor);
        if (e != ERR_AGAIN)
            return e;
    }
    return ERR_TIMEOUT;
}

enum err zchan_self_test(struct zchan *z)
{
    CLEANUP(proof_end) struct proof p = {0};
    z->testing = true;
    enum err e = proof_start(z, &p);
    if (!e)
        e = proof_watch(z, &p);
    z->testing = false;
    return e;
}
