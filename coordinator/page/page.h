/* page.h - the operator's page and its HTTP API (api.md 2), inside the relay's loop. It shows; it changes nothing but passwords. */
#pragma once

#include "coordinator/calls.h"
#include "coordinator/config.h"
#include "io/worker.h"

struct page;

/* Listens and serves. Borrows all of it. d says what is wrong with the address. */
enum err page_start(struct calls *calls, const struct config *c, struct worker *hasher,
                    struct page **out, struct diag *d);
void page_free(struct page *p); /* accepts NULL */
/* Where it listens, and what people type. Borrowed. */
const char *page_address(const struct page *p);
const char *page_origin(const struct page *p);
enum err page_forget_old(struct page *p, uint64_t now_ms);

/* The roles of its people, in bytewise order, NULL-ended. */
extern const char *const page_roles[];
