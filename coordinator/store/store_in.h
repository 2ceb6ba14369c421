/* store_in.h - what the parts of the store share. */
#pragma once

#include "coordinator/store/store.h"

struct store {
    struct db *db;
};

/* A hash out of a column; zeros where it is none. */
struct hash col_hash(struct stmt *q, int i);
