/* secret.h - key material: guarded pages, locked in memory, wiped when freed. No print function, on purpose. */
#pragma once

#include "bytes.h"
#include "cleanup.h"
#include "err.h"

struct secret; /* opaque: only secret.c sees the bytes' home */

enum err secret_new(size_t n, struct secret **out); /* n bytes of zero, 0 < n <= 1 MiB */
enum err secret_copy(struct bytes from, struct secret **out);
void secret_free(struct secret *s); /* wipes; accepts NULL */
DEFINE_AUTO(secret)

size_t secret_size(const struct secret *s);
/* Between uses the pages cannot be read. Borrow opens them, give_back closes them again; borrows nest. */
uint8_t *secret_borrow(struct secret *s);
void secret_give_back(struct secret *s);
/* In constant time; false where the sizes differ. */
bool secret_eq(struct secret *a, struct secret *b);
