/* httpd.c - libmicrohttpd inside our loop. */
#include "io/httpd.h"

#include "base/buf.h"
#include "base/checked.h"

#include <arpa/inet.h>
#include <assert.h>
#include <microhttpd.h>
#include <stdio.h>
#include <strings.h>

enum { READ_BLOCK = 256 * 1024, HEADER_MEMORY = 64 * 1024, PEER_TEXT = 64 };

struct header_out {
    struct header_out *next;
    char *name;
    char *value;
};

struct httpd_request {
    struct httpd *h;
    struct MHD_Connection *c;
    char *method;
    char *path;
    char peer[PEER_TEXT];
    struct buf body;
    struct header_out *headers;
    struct MHD_Response *response; /* the answer, once there */
    unsigned status;
    bool held;    /* suspended in libmicrohttpd */
    bool handled; /* the handler has had it */
    void *kept;
    void (*release)(void *);
    struct httpd_request *next; /* all that are alive */
    struct httpd_request **self;
};

struct httpd {
    struct MHD_Daemon *daemon;
    struct httpd_config c;
    struct loop_watch *watch;
    struct loop_timer *timer;
    struct httpd_request *alive;
    bool in_run; /* libmicrohttpd is on the stack: it looks at what we resume before it returns */
};

static void pump(struct httpd *h)
{
    if (h->in_run)
        return;
    h->in_run = true;
    (void)MHD_run(h->daemon);
    h->in_run = false;
    MHD_UNSIGNED_LONG_LONG ms = 0;
    loop_timer_set(h->timer,
                   MHD_get_timeout(h->daemon, &ms) == MHD_YES ? (uint64_t)ms : UINT64_MAX);
}

static void on_ready(int fd, unsigned ready, void *ctx)
{
    (void)fd;
    (void)ready;
    pump(ctx);
}

static void on_timer(void *ctx)
{
    pump(ctx);
}

static struct MHD_Response *response_of(struct bytes body, enum MHD_ResponseMemoryMode mode)
{
    /* libmicrohttpd takes a mutable pointer in every mode and writes through it in none of ours. */
    static char nothing[1];
    void *p = body.n == 0 ? nothing : (void *)(uintptr_t)body.p;
    return MHD_create_response_from_buffer(body.n, p, mode);
}

static void add_headers(const struct httpd *h, struct MHD_Response *response)
{
    for (const struct httpd_header *a = h->c.always; a != NULL && a->name != NULL; a++)
        (void)MHD_add_response_header(response, a->name, a->value);
}

/* An answer made in here, in the first call, so that the body is never read. */
static enum MHD_Result refuse(struct httpd *h, struct MHD_Connection *c, unsigned status,
                              const char *json)
{
    struct MHD_Response *response = response_of(bytes_str(json), MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return MHD_NO;
    add_headers(h, response);
    (void)MHD_add_response_header(response, "Content-Type", "application/json");
    (void)MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result done = MHD_queue_response(c, status, response);
    MHD_destroy_response(response);
    return done;
}

struct framing {
    unsigned content_length;
    unsigned transfer_encoding;
    unsigned host;
    bool too_big;
    size_t limit;
};

static enum MHD_Result count_framing(void *ctx, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    struct framing *f = ctx;
    (void)kind;
    if (strcasecmp(name, "Transfer-Encoding") == 0)
        f->transfer_encoding++;
    if (strcasecmp(name, "Host") == 0)
        f->host++;
    if (strcasecmp(name, "Content-Length") == 0) {
        f->content_length++;
        char *end = NULL;
        unsigned long long n = value == NULL ? 0 : strtoull(value, &end, 10);
        f->too_big = f->too_big || n > f->limit;
    }
    return MHD_YES;
}

static void request_free(struct httpd_request *r)
{
    if (r == NULL)
        return;
    if (r->self != NULL) {
        *r->self = r->next;
        if (r->next != NULL)
            r->next->self = r->self;
    }
    if (r->release != NULL)
        r->release(r->kept);
    while (r->headers != NULL) {
        struct header_out *o = r->headers;
        r->headers = o->next;
        free(o->name);
        free(o->value);
        free(o);
    }
    if (r->response != NULL)
        MHD_destroy_response(r->response);
    buf_fini(&r->body);
    free(r->method);
    free(r->path);
    free(r);
}

static void peer_text(struct MHD_Connection *c, char out[PEER_TEXT])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *a = info == NULL ? NULL : info->client_addr;
    const void *raw = NULL;
    (void)snprintf(out, PEER_TEXT, "unix");
    if (a == NULL)
        return;
    if (a->sa_family == AF_INET)
        raw = &((const struct sockaddr_in *)(const void *)a)->sin_addr;
    else if (a->sa_family == AF_INET6)
        raw = &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr;
    if (raw != NULL)
        (void)inet_ntop(a->sa_family, raw, out, PEER_TEXT);
}

static enum MHD_Result begin(struct httpd *h, struct MHD_Connection *c, const char *path,
                             const char *method, void **slot)
{
    struct framing f = {.limit = h->c.limit(h->c.ctx, method, path)};
    (void)MHD_get_connection_values(c, MHD_HEADER_KIND, count_framing, &f);
    if (f.transfer_encoding > 0 || f.content_length > 1 || f.host != 1)
        return refuse(h, c, 400,
                      "{\"code\":\"framing\",\"text\":\"one Content-Length at most, no "
                      "Transfer-Encoding, one Host\"}");
    if (f.too_big)
        return refuse(
            h, c, 413,
            "{\"code\":\"too_big\",\"text\":\"the body is over the limit of this address\"}");
    struct httpd_request *r = calloc(1, sizeof *r);
    if (r == NULL)
        return MHD_NO;
    r->h = h;
    r->c = c;
    r->method = strdup(method);
    r->path = strdup(path);
    buf_init(&r->body, f.limit);
    peer_text(c, r->peer);
    if (r->method == NULL || r->path == NULL) {
        request_free(r);
        return MHD_NO;
    }
    r->next = h->alive;
    r->self = &h->alive;
    if (r->next != NULL)
        r->next->self = &r->next;
    h->alive = r;
    *slot = r;
    return MHD_YES;
}

static enum MHD_Result send_answer(struct httpd_request *r)
{
    if (r->response == NULL)
        return MHD_NO; /* no memory for an answer: close */
    return MHD_queue_response(r->c, r->status, r->response);
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **slot)
{
    struct httpd *h = ctx;
    struct httpd_request *r = *slot;
    (void)version;
    if (r == NULL)
        return begin(h, c, path, method, slot);
    if (*size > 0) {
        enum err e = buf_put(&r->body, bytes_of(data, *size));
        *size = 0;
        return e ? MHD_NO : MHD_YES; /* more than it announced: close */
    }
    if (!r->handled) {
        r->handled = true;
        h->c.handler(h->c.ctx, r);
        if (r->held) {
            MHD_suspend_connection(c);
            return MHD_YES;
        }
    }
    return send_answer(r);
}

static void on_completed(void *ctx, struct MHD_Connection *c, void **slot,
                         enum MHD_RequestTerminationCode why)
{
    struct httpd *h = ctx;
    struct httpd_request *r = *slot;
    (void)c;
    (void)why;
    if (r == NULL)
        return;
    if (r->handled && h->c.ended != NULL)
        h->c.ended(h->c.ctx, r);
    request_free(r);
    *slot = NULL;
}

enum err httpd_new(struct loop *l, const struct httpd_config *config, struct httpd **out)
{
    AUTO(httpd) h = calloc(1, sizeof *h);
    if (h == NULL)
        return ERR_NOMEM;
    h->c = *config;
    h->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_PEDANTIC_CHECKS,
                                 0, NULL, NULL, on_request, h, MHD_OPTION_LISTEN_SOCKET,
                                 config->listen_fd, MHD_OPTION_CONNECTION_LIMIT,
                                 config->connections, MHD_OPTION_CONNECTION_TIMEOUT, config->idle_s,
                                 MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_MEMORY,
                                 MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_END);
    if (h->daemon == NULL)
        return ERR_IO;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL)
        return ERR_INTERNAL;
    enum err e = loop_timer_add(l, UINT64_MAX, 0, on_timer, h, &h->timer);
    if (!e)
        e = loop_watch_add(l, info->epoll_fd, LOOP_READ, on_ready, h, &h->watch);
    if (e)
        return e;
    *out = MOVE(h);
    return OK;
}

void httpd_free(struct httpd *h)
{
    if (h == NULL)
        return;
    loop_watch_end(h->watch);
    loop_timer_end(h->timer);
    for (struct httpd_request *r = h->alive; r != NULL; r = r->next) {
        if (r->held && r->response == NULL) {
            r->held = false;
            MHD_resume_connection(
                r->c); /* libmicrohttpd must not stop with suspended connections */
        }
    }
    if (h->daemon != NULL)
        MHD_stop_daemon(h->daemon);
    free(h);
}

const char *httpd_method(const struct httpd_request *r)
{
    return r->method;
}

const char *httpd_path(const struct httpd_request *r)
{
    return r->path;
}

const char *httpd_header_in(const struct httpd_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->c, MHD_HEADER_KIND, name);
}

const char *httpd_query(const struct httpd_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->c, MHD_GET_ARGUMENT_KIND, name);
}

const char *httpd_cookie(const struct httpd_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->c, MHD_COOKIE_KIND, name);
}

struct bytes httpd_body(const struct httpd_request *r)
{
    return buf_bytes(&r->body);
}

const char *httpd_peer(const struct httpd_request *r)
{
    return r->peer;
}

void httpd_keep(struct httpd_request *r, void *data, void (*release)(void *))
{
    r->kept = data;
    r->release = release;
}

void *httpd_kept(const struct httpd_request *r)
{
    return r->kept;
}

void httpd_header_out(struct httpd_request *r, const char *name, const char *value)
{
    struct header_out *o = calloc(1, sizeof *o);
    if (o == NULL)
        return;
    o->name = strdup(name);
    o->value = strdup(value);
    o->next = r->headers;
    r->headers = o;
}

static void answer(struct httpd_request *r, unsigned status, const char *type,
                   struct MHD_Response *response)
{
    assert(r->response == NULL);
    r->status = status;
    r->response = response;
    if (response != NULL) {
        add_headers(r->h, response);
        if (type != NULL)
            (void)MHD_add_response_header(response, "Content-Type", type);
        for (struct header_out *o = r->headers; o != NULL; o = o->next) {
            if (o->name != NULL && o->value != NULL)
                (void)MHD_add_response_header(response, o->name, o->value);
        }
    }
    if (r->held) {
        r->held = false;
        MHD_resume_connection(r->c);
        pump(r->h);
    }
}

void httpd_reply(struct httpd_request *r, unsigned status, const char *type, struct bytes body)
{
    answer(r, status, type, response_of(body, MHD_RESPMEM_MUST_COPY));
}

void httpd_reply_static(struct httpd_request *r, unsigned status, const char *type,
                        struct bytes body)
{
    answer(r, status, type, response_of(body, MHD_RESPMEM_PERSISTENT));
}

struct reading {
    httpd_reader *reader;
    void (*end)(void *);
    void *ctx;
};

static ssize_t on_read(void *ctx, uint64_t at, char *out, size_t n)
{
    struct reading *g = ctx;
    size_t got = g->reader(g->ctx, at, (uint8_t *)out, n);
    return got == 0 ? MHD_CONTENT_READER_END_WITH_ERROR : (ssize_t)got;
}

static void on_read_end(void *ctx)
{
    struct reading *g = ctx;
    if (g->end != NULL)
        g->end(g->ctx);
    free(g);
}

void httpd_reply_reader(struct httpd_request *r, unsigned status, const char *type, uint64_t size,
                        httpd_reader *reader, void (*end)(void *), void *ctx)
{
    struct reading *g = calloc(1, sizeof *g);
    struct MHD_Response *response = NULL;
    if (g != NULL) {
        *g = (struct reading){.reader = reader, .end = end, .ctx = ctx};
        response = MHD_create_response_from_callback(size, READ_BLOCK, on_read, g, on_read_end);
    }
    if (response == NULL) {
        if (end != NULL)
            end(ctx);
        free(g);
    }
    answer(r, status, type, response);
}

void httpd_hold(struct httpd_request *r)
{
    r->held = true;
}
