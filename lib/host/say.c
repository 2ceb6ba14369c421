/* say.c - messages of commands. */
#include "host/say.h"

#include "base/buf.h"
#include "base/text.h"
#include "core/json/json.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *program_name(void)
{
    return program_invocation_short_name;
}

const char *program_word(void)
{
    const char *dash = strchr(program_name(), '-');
    return dash == NULL ? program_name() : dash + 1;
}

int complain(int exit_code, const char *fmt, ...)
{
    char text[1400];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    (void)fflush(stdout);
    (void)fprintf(stderr, "%s: %s.\n", program_name(), text);
    return exit_code;
}

int exit_of(enum err e)
{
    switch (e) {
    case OK:
        return EXIT_OK;
    case ERR_INVALID:
    case ERR_TOOBIG:
    case ERR_CONFLICT:
        return EXIT_DATA;
    case ERR_DENIED:
        return EXIT_REFUSED;
    case ERR_NOTFOUND:
        return EXIT_NOINPUT;
    case ERR_AGAIN:
    case ERR_TIMEOUT:
    case ERR_NOMEM:
        return EXIT_AGAIN;
    case ERR_CORRUPT:
        return EXIT_CONFIG;
    case ERR_CLOSED:
        return EXIT_UNAVAILABLE;
    case ERR_FULL:
    case ERR_IO:
        return EXIT_IO;
    case ERR_INTERNAL:
        return EXIT_BUG;
    }
    return EXIT_BUG;
}

int complain_diag(enum err e, const char *where, const struct diag *d)
{
    const char *why = d->text[0] != '\0' ? d->text : err_name(e);
    if (d->pointer[0] != '\0')
        return complain(exit_of(e), "%s: %s: %s", where, d->pointer, why);
    if (d->line > 0)
        return complain(exit_of(e), "%s:%u: %s", where, d->line, why);
    return complain(exit_of(e), "%s: %s", where, why);
}

void print_json(const json_t *v)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)64 * 1024 * 1024);
    if (json_canonical(v, &b) || buf_putc(&b, '\n'))
        return;
    (void)fwrite(b.p, 1, b.n, stdout);
}

const char *shown(const char *text)
{
    static char out[600];
    return text_shown(bytes_str(text), out, sizeof out);
}
