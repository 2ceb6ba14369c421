/* assets.c - pictures of guidelines. */
#include "coordinator/assets.h"

#include "base/hex.h"
#include "base/sha256.h"

enum err assets_of_document(struct app *a, const struct document *doc)
{
    const json_t *list = json_object_get(document_json(doc), "assets");
    if (document_kind(doc) != DOCUMENT_GUIDELINE)
        return OK;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *asset = json_array_get(list, i);
        json_int_t bytes = json_integer_value(json_object_get(asset, "bytes"));
        struct hash h;
        if (hash_parse_uri(bytes_str(json_text(asset, "sha256")), &h) || bytes <= 0 ||
            bytes > ASSET_MAX)
            continue;
        enum err e = store_asset_name(a->store, h, (uint64_t)bytes);
        if (e)
            return e;
    }
    return OK;
}

enum err assets_bring(struct app *a, struct bytes data, struct hash *out, bool *known,
                      struct diag *d)
{
    CLEANUP(tx_end) struct tx tx;
    bool named = false;
    uint64_t bytes = 0;
    *out = sha256_of(data);
    *known = false;
    enum err e = store_begin(a->store, &tx);
    if (!e)
        e = store_asset(a->store, *out, &named, &bytes, known);
    if (e)
        return e;
    if (!named)
        return diag_set(d, ERR_INVALID,
                        "neither a signed document nor a picture that a guideline here names "
                        "(sha256:%s): install the guideline first",
                        hash_hex(*out).s);
    if (*known)
        return OK;
    e = store_asset_bring(a->store, *out, data);
    return e ? e : tx_commit(&tx);
}

enum err assets_want(struct app *a, const char *site, const struct blob_request *r, bool *named)
{
    uint64_t bytes = 0;
    bool here = false;
    enum err e = store_asset(a->store, r->digest, named, &bytes, &here);
    *named = !e && *named && r->offset < bytes;
    return *named ? store_wanted(a->store, site, r->digest, r->offset) : e;
}
