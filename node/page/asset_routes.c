/* asset_routes.c - pictures of guidelines: shown on the page, added by command. */
#include "node/calls.h"
#include "node/desk/assets.h"
#include "node/page/web.h"
#include "node/vault/assets.h"

#include "base/hex.h"
#include "host/say.h"

#include <string.h>

/* What the page draws; anything else that a guideline names stays a name. */
static bool is_picture(const char *media_type)
{
    return strcmp(media_type, "image/png") == 0 || strcmp(media_type, "image/jpeg") == 0;
}

void route_asset(struct web *w)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)ASSET_MAX);
    struct asset_row row;
    struct hash h;
    bool found = false;
    enum err e = hash_parse_hex(bytes_str(w->param), &h) ? ERR_NOTFOUND : OK;
    if (!e)
        e = assets_get(w->app->vault, h, &found, &row);
    if (!e && (!found || !is_picture(row.media_type)))
        e = ERR_NOTFOUND;
    if (!e && !row.whole) {
        web_error(w, 404, "missing", "the picture is not here yet");
        return;
    }
    if (!e)
        e = assets_read(w->app->vault, h, &b);
    if (e) {
        web_fail(w, e, NULL);
        return;
    }
    httpd_header_out(w->r, "Cache-Control", "no-store");
    httpd_reply(w->r, 200, row.media_type, buf_bytes(&b));
}

void call_asset_add(struct call *c, struct bytes data)
{
    struct diag d = {0};
    struct hash h;
    bool known = false;
    enum err e = data.n > ASSET_MAX
                     ? diag_set(&d, ERR_TOOBIG, "a picture of a guideline has at most 16 MiB")
                     : assets_take_file(c->app, data, &h, &known, &d);
    if (e) {
        call_end_diag(c, e, call_text(c, "file"), &d);
        return;
    }
    call_row(c, json_pack("{s:s, s:s, s:s, s:s, s:{}, s:b}", "id", "-", "kind", "asset", "hash",
                          hash_uri(h).s, "state", known ? "known" : "taken", "title", "known",
                          (int)known));
    call_end(c, EXIT_OK, NULL);
}
