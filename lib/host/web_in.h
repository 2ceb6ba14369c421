/* web_in.h - what the parts of the page's way in share. */
#pragma once

#include "host/web.h"

struct site_web {
    struct web_config c;
    struct httpd *http;
    char address[WEB_HOST];
    char origin[WEB_HOST];
    char cookie[64];
    char hosts[WEB_HOSTS][WEB_HOST]; /* what a Host header may say */
    size_t host_count;
};

httpd_handler web_request;
