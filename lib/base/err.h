/* err.h - the one set of error codes. A code says what kind of thing went wrong; people read a diag. */
#pragma once

/* clang refuses an ignored result of this type; gcc ignores the attribute. */
#if defined(__clang__)
#define ERR_NODISCARD __attribute__((warn_unused_result))
#else
#define ERR_NODISCARD
#endif

enum ERR_NODISCARD err {
    OK = 0,
    ERR_NOMEM,    /* memory, or a budget of it, is spent */
    ERR_INVALID,  /* malformed input */
    ERR_DENIED,   /* rights, policy, or a failed authentication */
    ERR_NOTFOUND, /* the thing named is not there */
    ERR_AGAIN,    /* try later: busy, rate limit */
    ERR_TOOBIG,   /* over a stated limit */
    ERR_CONFLICT, /* stale base, or already there */
    ERR_CORRUPT,  /* stored data fails its own check */
    ERR_TIMEOUT,
    ERR_CLOSED, /* the other side is gone */
    ERR_FULL,   /* no room on the disk */
    ERR_IO,     /* the system refused; errno says why where that is promised */
    ERR_INTERNAL
};

/* The code in lower case, "ok" for OK. Static. */
const char *err_name(enum err e);
/* The code that fits an errno value; never OK. */
enum err err_from_errno(int number);
