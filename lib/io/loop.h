/* loop.h - the one event loop of a process: descriptors, timers, signals, and calls handed in by other threads. All callbacks
 * run on the thread of loop_run and must not block. */
#pragma once

#include "base/cleanup.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_watch;
struct loop_timer;

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

typedef void loop_fd_fn(int fd, unsigned ready,
                        void *ctx); /* ready: LOOP_READ and LOOP_WRITE; a hang-up sets both */
typedef void loop_fn(void *ctx);
typedef void loop_signal_fn(int number, void *ctx);

enum err loop_new(struct loop **out);
void loop_free(
    struct loop *l); /* closes nothing that it did not open; watches and timers die with it */
DEFINE_AUTO(loop)

/* The descriptor stays the caller's. Nested epoll descriptors are fine. */
enum err loop_watch_add(struct loop *l, int fd, unsigned want, loop_fd_fn *fn, void *ctx,
                        struct loop_watch **out);
enum err loop_watch_want(struct loop_watch *w, unsigned want);
void loop_watch_end(struct loop_watch *w); /* also from within its own callback; accepts NULL */

/* Calls fn once after delay_ms, then every period_ms (0: never again). */
enum err loop_timer_add(struct loop *l, uint64_t delay_ms, uint64_t period_ms, loop_fn *fn,
                        void *ctx, struct loop_timer **out);
void loop_timer_set(struct loop_timer *t, uint64_t delay_ms); /* anew from now; UINT64_MAX: off */
void loop_timer_end(struct loop_timer *t);

/* SIGINT, SIGTERM and SIGHUP are blocked and come here. Once per loop. */
enum err loop_signals(struct loop *l, loop_signal_fn *fn, void *ctx);

/* From any thread: fn(ctx) on the loop's thread, in order. ERR_NOMEM is the only refusal. */
enum err loop_post(struct loop *l, loop_fn *fn, void *ctx);
/* Runs at the end of every turn, after all callbacks: where group commits stand. One per loop. */
void loop_at_turn_end(struct loop *l, loop_fn *fn, void *ctx);

enum err loop_run(struct loop *l); /* until loop_stop; may be run again */
void loop_stop(struct loop *l);
/* Runs what was posted and not yet run: for the end of a program, when its threads have ended and the loop no longer turns. */
void loop_drain(struct loop *l);
