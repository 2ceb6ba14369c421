/* names.h - what sites, coordinators and federations may be called (data.md 5): ids become host names and origins. */
#pragma once

#include <stdbool.h>

/* `[a-z]([a-z0-9-]{0,29}[a-z0-9])?`, and no word that names a key. */
bool names_id_ok(const char *s);
/* Parts `[a-z0-9]([a-z0-9.-]*[a-z0-9])?` with `/` between them, at most 100 bytes. */
bool names_federation_ok(const char *s);
/* One line of 1 to 200 characters. */
bool names_text_ok(const char *s);
