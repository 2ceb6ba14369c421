/* assets.c - pictures of guidelines. */
#include "node/desk/assets.h"

#include "base/hex.h"
#include "base/log.h"
#include "base/sha256.h"
#include "node/gate/gate.h"
#include "node/vault/assets.h"

#include <string.h>

enum { ASK_AT_ONCE = 4 };

static enum err want_one(struct app *a, const json_t *asset)
{
    struct hash h;
    const char *text = json_string_value(json_object_get(asset, "sha256"));
    const char *type = json_string_value(json_object_get(asset, "type"));
    json_int_t bytes = json_integer_value(json_object_get(asset, "bytes"));
    if (text == NULL || type == NULL || hash_parse_uri(bytes_str(text), &h) || bytes <= 0 ||
        bytes > ASSET_MAX || strlen(type) >= ASSET_TYPE)
        return OK; /* named, and not fetched: its place shows its name */
    return assets_want(a->vault, h, type, (uint64_t)bytes);
}

enum err assets_of_document(struct app *a, const struct document *doc)
{
    const json_t *list = json_object_get(document_json(doc), "assets");
    if (document_kind(doc) != DOCUMENT_GUIDELINE)
        return OK;
    for (size_t i = 0; i < json_array_size(list); i++) {
        enum err e = want_one(a, json_array_get(list, i));
        if (e)
            return e;
    }
    return OK;
}

/* The last piece is here: is it what the guideline named? */
static enum err complete(struct app *a, const struct asset_row *row)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)ASSET_MAX);
    enum err e = assets_read(a->vault, row->sha256, &b);
    if (e)
        return e;
    if (b.n == row->bytes && hash_eq(sha256_of(buf_bytes(&b)), row->sha256))
        return assets_whole(a->vault, row->sha256);
    LOG_ERROR("asset.false", ERR_INVALID, "sha256=%s", hash_hex(row->sha256).s);
    return assets_forget(a->vault, row->sha256, true);
}

enum err assets_take_chunk(struct app *a, const struct blob_chunk *c)
{
    struct asset_row row;
    bool found = false;
    enum err e = assets_get(a->vault, c->digest, &found, &row);
    if (e)
        return e;
    if (!found || row.whole || row.false_bytes || !row.was_asked || row.asked != row.have ||
        c->offset != row.have || c->data.n > row.bytes - row.have) {
        LOG_WARN("asset.passed_over", ERR_INVALID, "%s", "");
        return OK;
    }
    e = assets_add(a->vault, &row, c->data);
    return !e && row.have + c->data.n == row.bytes ? complete(a, &row) : e;
}

enum err assets_take_file(struct app *a, struct bytes data, struct hash *out, bool *known,
                          struct diag *d)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    struct asset_row row;
    bool found = false;
    *out = sha256_of(data);
    enum err e = vault_begin(a->vault, &tx);
    if (!e)
        e = assets_get(a->vault, *out, &found, &row);
    if (e)
        return e;
    if (!found)
        return diag_set(d, ERR_INVALID,
                        "neither a signed document nor a picture that a guideline here names "
                        "(sha256:%s): add the guideline first",
                        hash_hex(*out).s);
    *known = row.whole;
    if (*known)
        return OK;
    e = assets_forget(a->vault, row.sha256, false);
    row.have = 0;
    if (!e)
        e = assets_add(a->vault, &row, data);
    if (!e)
        e = assets_whole(a->vault, row.sha256);
    return e ? e : vault_commit(&tx);
}

enum err assets_ask(struct app *a, uint64_t now_ms)
{
    for (int i = 0; i < ASK_AT_ONCE && a->roster != NULL; i++) {
        struct asset_row row;
        bool found = false;
        enum err e = assets_next(a->vault, &found, &row);
        if (e || !found)
            return e;
        struct body b = {.kind = BODY_BLOB_REQUEST, .blob_request = {row.sha256, row.have}};
        e = gate_offer(a, &b, now_ms);
        if (!e)
            e = assets_asked(a->vault, row.sha256, row.have);
        if (e)
            return e;
    }
    return OK;
}
