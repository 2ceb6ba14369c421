/* left.h - what crossed this site's wall, out and in, read back out of its exchange log. */
#pragma once

#include "core/json/json.h"
#include "node/app.h"

enum {
    LEFT_MAX = 200,    /* rows of one answer */
    LEFT_SCAN = 20000, /* entries that one answer looks at: the rest is asked for again */
    LEFT_WORDS = 400,  /* bytes of one sentence */
    LEFT_TYPE = 33
};

/* Which messages: all of it is optional, 0 and "" leave a bound out. */
struct left_filter {
    uint64_t since, before; /* since <= index < before */
    uint64_t from_ms, to_ms;
    uint64_t at_least;     /* bytes */
    const char *direction; /* "out", "in" */
    const char *type;
};

/* An exchange log for reading: the running link's, or opened for this call. *out NULL where this site has none. */
enum err left_open_log(struct app *a, struct logstore **own, struct logstore **out, struct diag *d);

/* One message: {index, at_ms, direction, type, words, bytes, frame, says}, with whole also {base64, note}; NULL for what is no
 * message. Of a row that is not whole, the text of a document is left out. The caller owns *out. ERR_NOTFOUND, ERR_CORRUPT. */
enum err left_message(struct logstore *log, uint64_t index, bool whole, json_t **out);

/* {left: [rows, newest first], next: index that older ones lie before, or null, size, totals: {out: {n, bytes}, in: {n, bytes}}}.
 * The caller owns *out. */
enum err left_list(struct app *a, const struct left_filter *f, json_t **out);
/* One whole. ERR_NOTFOUND where the index is no message. */
enum err left_one(struct app *a, uint64_t index, json_t **out);

/* One sentence that a person understands without the wire contract, out of what a message says (body_json). */
void left_words(const char *direction, const char *type, const json_t *says, char out[LEFT_WORDS]);
