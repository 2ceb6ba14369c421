/* names.c - ids, federations and names as people give them. */
#include "host/names.h"

#include "base/text.h"

#include <string.h>

bool names_id_ok(const char *s)
{
    static const char *const taken[] = {"access", "gov", "lead", "msg", "witness"};
    size_t n = strlen(s);
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (strcmp(s, taken[i]) == 0)
            return false;
    }
    return n >= 1 && n <= 31 && s[0] >= 'a' && s[0] <= 'z' && s[n - 1] != '-' &&
           strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static bool part_ok(const char *s, size_t n)
{
    return n > 0 && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-") >= n && s[0] != '.' &&
           s[0] != '-' && s[n - 1] != '.' && s[n - 1] != '-';
}

bool names_federation_ok(const char *s)
{
    if (strlen(s) > 100)
        return false;
    for (;;) {
        size_t n = strcspn(s, "/");
        if (!part_ok(s, n))
            return false;
        if (s[n] == '\0')
            return true;
        s += n + 1;
    }
}

bool names_text_ok(const char *s)
{
    struct bytes t = bytes_str(s);
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < 0x20 || t.p[i] == 0x7f)
            return false;
    }
    return utf8_bad(t) == t.n && t.n > 0 && utf8_length(t) <= 200;
}
