/* err.c - names of error codes, and errno translated. */
#include "err.h"

#include <errno.h>

const char *err_name(enum err e)
{
    switch (e) {
    case OK:
        return "ok";
    case ERR_NOMEM:
        return "nomem";
    case ERR_INVALID:
        return "invalid";
    case ERR_DENIED:
        return "denied";
    case ERR_NOTFOUND:
        return "notfound";
    case ERR_AGAIN:
        return "again";
    case ERR_TOOBIG:
        return "toobig";
    case ERR_CONFLICT:
        return "conflict";
    case ERR_CORRUPT:
        return "corrupt";
    case ERR_TIMEOUT:
        return "timeout";
    case ERR_CLOSED:
        return "closed";
    case ERR_FULL:
        return "full";
    case ERR_IO:
        return "io";
    case ERR_INTERNAL:
        return "internal";
    }
    return "unknown";
}

enum err err_from_errno(int number)
{
    switch (number) {
    case ENOMEM:
        return ERR_NOMEM;
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
        return ERR_DENIED;
    case ENOENT:
    case ENOTDIR:
        return ERR_NOTFOUND;
    case EAGAIN:
    case EINTR:
    case EBUSY:
    case EMFILE:
    case ENFILE:
        return ERR_AGAIN;
    case EFBIG:
    case ENAMETOOLONG:
        return ERR_TOOBIG;
    case EEXIST:
    case EADDRINUSE:
        return ERR_CONFLICT;
    case ENOSPC:
    case EDQUOT:
        return ERR_FULL;
    case ECONNRESET:
    case EPIPE:
    case ENOTCONN:
    case ECONNREFUSED:
        return ERR_CLOSED;
    case ETIMEDOUT:
        return ERR_TIMEOUT;
    default:
        return ERR_IO;
    }
}
