/* pour.h - the one pass over a file's bytes: hash, check, store. */
#pragma once

#include "node/ingest/store.h"

struct pour {
    struct vault *v;
    const struct store_file *f;
    int fd; /* the file, or its transcoded text */
    bool text;
    uint64_t size; /* as the file says */
    const char *media_type;
    uint32_t w, h; /* of a picture */
    bool settled;  /* the slot has a whole stream: only compare */
    struct record_stream there;
    int64_t partial; /* an interrupted import's stream, 0 = none */
    uint64_t stored; /* bytes of it */
};

/* Errors as store_take's; refusals and duplicates are in *out. */
enum err pour_run(struct pour *p, struct store_result *out);

/* Writes the reason and the outcome; returns ERR_INVALID. */
enum err refuse_file(struct store_result *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
