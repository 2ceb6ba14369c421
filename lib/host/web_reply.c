/* web_reply.c - answers of the API, and the files of the page. */
#include "host/web_in.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char media_json[] = "application/json";

/* All of /api/ is no-store: answers are patients' data or about them. */
static void no_store(struct web *w)
{
    httpd_header_out(w->r, "Cache-Control", "no-store");
}

void web_canonical(struct web *w, unsigned status, struct bytes body)
{
    no_store(w);
    httpd_reply(w->r, status, media_json, body);
}

void web_json(struct web *w, unsigned status, json_t *body)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)256 * 1024 * 1024);
    AUTO_JSON own = body;
    if (own == NULL || json_canonical(own, &b)) {
        no_store(w);
        httpd_reply_static(
            w->r, 503, media_json,
            bytes_str(
                "{\"code\":\"memory\",\"text\":\"this machine is short of memory: try again\"}"));
        return;
    }
    web_canonical(w, status, buf_bytes(&b));
}

void web_empty(struct web *w, unsigned status)
{
    no_store(w);
    httpd_reply_static(w->r, status, NULL, bytes_of(NULL, 0));
}

void web_error_at(struct web *w, unsigned status, const char *code, const char *pointer,
                  const char *text)
{
    if (pointer == NULL)
        web_json(w, status, json_pack("{s:s, s:s}", "code", code, "text", text));
    else
        web_json(w, status,
                 json_pack("{s:s, s:s, s:s}", "code", code, "text", text, "pointer", pointer));
}

void web_error(struct web *w, unsigned status, const char *code, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    web_error_at(w, status, code, NULL, text);
}

static unsigned status_of(enum err e)
{
    switch (e) {
    case OK:
        return 200;
    case ERR_INVALID:
        return 400;
    case ERR_DENIED:
        return 403;
    case ERR_NOTFOUND:
        return 404;
    case ERR_CONFLICT:
        return 409;
    case ERR_TOOBIG:
        return 413;
    case ERR_AGAIN:
        return 429;
    case ERR_NOMEM:
    case ERR_FULL:
    case ERR_IO:
    case ERR_TIMEOUT:
    case ERR_CLOSED:
        return 503;
    case ERR_CORRUPT:
    case ERR_INTERNAL:
        return 500;
    }
    return 500;
}

void web_fail(struct web *w, enum err e, const struct diag *d)
{
    const char *text = d != NULL && d->text[0] != '\0' ? d->text : NULL;
    unsigned status = status_of(e);
    if (status >= 500)
        LOG_ERROR("page.failed", e, "path=%s", httpd_path(w->r));
    if (text == NULL)
        text = e == ERR_FULL       ? "the disk is full: nothing was saved; make room and try again"
               : e == ERR_NOTFOUND ? "there is no such thing here"
               : e == ERR_DENIED   ? "you may not do this"
                                   : "this did not work; the daemon's log says why";
    const char *code = e == ERR_CONFLICT ? "state" : err_name(e);
    web_error_at(w, status, code, e == ERR_INVALID ? d == NULL ? "" : d->pointer : NULL, text);
}

const char *web_text(const struct web *w, const char *name)
{
    return json_string_value(json_object_get(w->body, name));
}

json_t *web_roles_json(const struct person *p)
{
    AUTO_JSON roles = json_array();
    char names[PERSON_ROLES];
    char *save = NULL;
    (void)snprintf(names, sizeof names, "%s", p->roles);
    for (char *r = strtok_r(names, ",", &save); r != NULL; r = strtok_r(NULL, ",", &save))
        (void)json_array_append_new(roles, json_string(r));
    return MOVE(roles);
}

void web_asset(struct web *w, const struct web_file *f)
{
    const char *match = httpd_header_in(w->r, "If-None-Match");
    const char *accept = httpd_header_in(w->r, "Accept-Encoding");
    bool gzip = f->gz.p != NULL && accept != NULL && strstr(accept, "gzip") != NULL;
    httpd_header_out(w->r, "ETag", f->etag);
    httpd_header_out(w->r, "Vary", "Accept-Encoding");
    httpd_header_out(w->r, "Cache-Control",
                     f->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (match != NULL && strcmp(match, f->etag) == 0) {
        httpd_reply_static(w->r, 304, NULL, bytes_of(NULL, 0));
        return;
    }
    if (gzip)
        httpd_header_out(w->r, "Content-Encoding", "gzip");
    httpd_reply_static(w->r, 200, f->type, gzip ? f->gz : f->raw);
}
