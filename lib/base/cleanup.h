/* cleanup.h - scope-bound release. Works with gcc and clang; nothing else builds Cloister.
 *
 *   AUTO(thing) t = NULL;                 thing_free(t) at the end of the scope
 *   CLEANUP(buf_fini) struct buf b = ...  buf_fini(&b) at the end of the scope
 *   *out = MOVE(t);                       hand over; the local forgets it
 */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* Gives `name_free` a form that the cleanup attribute accepts. */
#define DEFINE_AUTO(name)                                                                          \
    static inline void name##_auto(struct name **p)                                                \
    {                                                                                              \
        name##_free(*p);                                                                           \
    }
#define AUTO(name) CLEANUP(name##_auto) struct name *

#define MOVE(p)                                                                                    \
    __extension__({                                                                                \
        __typeof__(p) moved_ = (p);                                                                \
        (p) = NULL;                                                                                \
        moved_;                                                                                    \
    })

static inline void mem_auto(void *p)
{
    free(*(void **)p);
}
/* AUTO_MEM char *s: freed with free(). */
#define AUTO_MEM CLEANUP(mem_auto)

static inline void fd_auto(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}
/* AUTO_FD int fd = -1: closed at the end of the scope. */
#define AUTO_FD CLEANUP(fd_auto)

static inline int fd_move(int *fd)
{
    int moved = *fd;
    *fd = -1;
    return moved;
}
