/* zchan_in.h - shared by zchan.c, zchan_zap.c, zchan_monitor.c and their tests; nobody else includes it. */
#pragma once

#include "io/zchan.h"

#include <zmq.h>

enum {
    ZCHAN_HWM = 8, /* frames of a peer that wait: 1000 of 2 MiB would be 2 GiB */
    /* Frames to a peer that wait: a link's window of 8 and what rides beside it (acknowledgements, a cosignature, a hello), which
     * else would end the connection when the line is slow. Twice that, because libzmq counts what was read by halves. */
    ZCHAN_SEND_HWM = 24,
    ZCHAN_CURVE_OVERHEAD =
        33, /* "\x07MESSAGE", a short nonce, the box, the flags: measured at all sizes */
    ZCHAN_START_MS = 5000,      /* for the library's threads to begin */
    ZCHAN_SELF_TEST_MS = 5000,  /* an unknown key must have been refused by then */
    ZCHAN_REBIND_MS = 5000,     /* the old socket holds the port for about 1 ms after its close */
    ZCHAN_REBIND_EVERY_MS = 20, /* between two tries */
    ZCHAN_ACCEPT_FAILED_MS = 1000, /* between two tellings of it */
    ZCHAN_BACKOFF_FIRST_MS = 1000, /* of a refused dealer, doubled up to */
    ZCHAN_BACKOFF_LAST_MS = 60000
};

enum zchan_state {
    ZCHAN_SHUT, /* neither bound nor connected */
    ZCHAN_OPEN,
    ZCHAN_REOPEN /* at reopen_ms, for ever (dealer) or until give_up_ms (router) */
};

struct zchan_list {
    struct zchan_allowed *p;
    size_t n;
};

struct zchan {
    enum zchan_kind kind;
    enum zchan_state state;
    struct zchan_events events;
    void *context;
    void *socket;
    void *monitor; /* of the socket */
    void *zap;     /* router: the bound handler */
    struct zchan_list allowed;
    char endpoint[ZCHAN_ENDPOINT_MAX + 1];
    uint8_t server_key[ZCHAN_KEY];
    bool keyed;
    bool up;     /* dealer: the handshake is through */
    bool broken; /* dealer: the connection has ended, refused or otherwise */
    bool paused;
    bool testing;              /* the self-test runs: its stranger is no news */
    uint64_t accept_failed_ms; /* when that was last told; 0 = never */
    uint64_t reopen_ms;        /* all four on the clock of clock_mono_ms */
    uint64_t give_up_ms;
    uint64_t backoff_ms;
    unsigned sockets; /* made so far: names of the monitors' endpoints */
};

/* A socket with every row of the table but keys; NULL with errno. */
void *zchan_socket(void *context, enum zchan_kind kind);
/* The identity of a server or a client on it. */
enum err zchan_set_server(void *socket, const uint8_t secret[ZCHAN_KEY]);
enum err zchan_set_client(void *socket, const uint8_t secret[ZCHAN_KEY],
                          const uint8_t server_key[ZCHAN_KEY]);
/* The socket is replaced now and opened again after wait_ms. */
void zchan_rebuild(struct zchan *z, uint64_t wait_ms);

/* --- zchan_frames.c --- */
/* Hands over at most 8 frames that wait. */
enum err zchan_frames_step(struct zchan *z);

/* --- zchan_allow.c --- */
bool zchan_list_has(const struct zchan_list *l, const char *id);

/* --- zchan_zap.c --- */
struct zchan_zap_answer {
    const char *id; /* NULL: refused, with 400 */
    char address[64];
    uint8_t key[ZCHAN_KEY];
    bool well_formed; /* the three above are set, id perhaps to NULL */
};
enum { ZCHAN_ZAP_PARTS = 7 };
/* Decides one ZAP request (RFC 27), whose parts were received; pure. id is borrowed from the list. */
struct zchan_zap_answer zchan_zap_decide(const struct zchan_list *l, const struct bytes *part,
                                         size_t n);
enum err zchan_zap_bind(struct zchan *z);
/* Answers every request that waits. */
enum err zchan_zap_step(struct zchan *z);
/* OK: a key that nobody knows was refused with 400. */
enum err zchan_self_test(struct zchan *z);

/* --- zchan_monitor.c --- */
/* The library's events of `socket` from now on; NULL with errno. */
void *zchan_monitor_of(struct zchan *z, void *socket);
/* Returns when both threads of the library do their work: one that only begins calls what a sandbox would refuse, and then
 * aborts the process. ERR_TIMEOUT. */
enum err zchan_await_threads(struct zchan *z);
/* Closes a socket and its monitor; either may be NULL. */
void zchan_close_watched(void *socket, void *monitor);
struct zchan_seen {
    int event; /* ZMQ_EVENT_*, or 0: none waits */
    uint32_t value;
};
/* One event that waits. */
enum err zchan_monitor_next(void *monitor, struct zchan_seen *out);
/* Reports every event that waits, and notes a dealer's ups and downs. */
enum err zchan_monitor_step(struct zchan *z);
