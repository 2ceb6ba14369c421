/* web_assets.h - the built page inside the program: every file it serves, raw and as gzip.
 *
 * The table and the bytes are read-only and live as long as the program; nothing is owned by the caller.
 * The table is written by web/embed.mjs from the build's list. */
#ifndef CLOISTER_WEB_ASSETS_H
#define CLOISTER_WEB_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct web_asset {
    const char *path;         /* as asked for, "/" included: "/", "/page-5W5QVYUF.js" */
    const char *type;         /* media type with charset, ready for Content-Type */
    const char *etag;         /* quoted SHA-256 of the raw bytes in hex, ready for ETag */
    bool immutable;           /* the name holds the content's hash: may be cached for ever */
    const unsigned char *raw; /* raw_len bytes */
    size_t raw_len;
    const unsigned char *gz; /* the same file as written by gzip -9n, gz_len bytes */
    size_t gz_len;
};

/* The file at exactly this path (no query, not percent-encoded), or NULL if the page has none. */
const struct web_asset *web_asset_find(const char *path);

#endif
