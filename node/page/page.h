/* page.h - the hospital's local page and its HTTP API (api.md 2), inside the keeper's loop. */
#pragma once

#include "node/app.h"

struct page;

/* Listens as the configuration says and serves. d says what is wrong with the address. */
enum err page_start(struct app *a, struct page **out, struct diag *d);
void page_free(struct page *p); /* accepts NULL */

/* "127.0.0.1:7601" or "unix:PATH", and the address that people type. Borrowed. */
const char *page_address(const struct page *p);
const char *page_origin(const struct page *p);
/* What is named where the page cannot start: the configured address. */
const char *page_where(const struct app *a);

/* At the end of each turn of the loop: the group commit of the access log. */
void page_turn_end(struct page *p);

/* Logins and openings that are over. */
enum err page_forget_old(struct page *p, uint64_t now_ms);
/* Ends every login of a person at once, and what they had in review. */
enum err page_end_logins(struct app *a, int64_t user);
