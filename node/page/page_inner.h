/* page_inner.h - what the page is made of, for http.c, start.c and waiting.c alone. */
#pragma once

#include "node/page/web.h"
#include "node/vault/records.h"

enum { HOSTS = 6, HOST_TEXT = 300, OPENINGS = 4096 };

struct opening {
    int64_t user;
    uint64_t at_ms;
    char item[RECORD_ID];
};

struct page {
    struct app *app;
    struct httpd *http;
    char address[HOST_TEXT];
    char origin[HOST_TEXT];
    char cookie[64];
    char hosts[HOSTS][HOST_TEXT]; /* what a Host header may say */
    size_t host_count;
    struct web *waiting; /* for the access log, newest first */
    struct opening openings[OPENINGS];
};

/* http.c */
httpd_handler page_request;
httpd_limit page_body_limit;
/* waiting.c: one fdatasync for all openings that came in this turn, then their answers. */
