/* page_inner.h - what the page is made of, for start.c and waiting.c alone. */
#pragma once

#include "node/page/web.h"
#include "node/vault/records.h"

enum { OPENINGS = 4096 };

struct opening {
    int64_t user;
    uint64_t at_ms;
    char item[RECORD_ID];
};

struct page {
    struct site_web *web;
    struct web *waiting; /* for the access log, newest first */
    struct opening openings[OPENINGS];
};
/* waiting.c: one fdatasync for all openings that came in this turn, then their answers. */
