/* lines.h - lines of an export written into the vault. */
#pragma once

#include "core/json/json.h"
#include "node/vault/vault.h"

struct line_sink {
    struct vault *v;
    int64_t campaign; /* of the bundle: a document row; 0: none */
    uint64_t now_ms;
};
/* One line of a bundle that was found valid, in its order, within a transaction. ERR_INTERNAL: a type without a table. */
enum err line_store(struct line_sink *s, const json_t *line);
