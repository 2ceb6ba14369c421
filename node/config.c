/* config.c - node.conf. */
#include "node/config.h"

#include "base/text.h"
#include "io/conf.h"

#include <stddef.h>
#include <string.h>

enum { MIB = 1024 * 1024 };

/* One key: where it goes, its bounds, and what it means. */
struct key {
    const char *section, *name, *about;
    size_t at;
    uint64_t min, max;
    uint64_t fallback;
    const char *text_fallback;
    bool number;
    bool yes_no; /* a text that is one of the two */
};

#define TEXT(s, n, field, fallback_, about_)                                                       \
    {                                                                                              \
        .section = (s), .name = (n), .about = (about_), .at = offsetof(struct config, field),      \
        .text_fallback = (fallback_)                                                               \
    }
#define NUMBER(s, n, field, min_, max_, fallback_, about_)                                         \
    {                                                                                              \
        .section = (s), .name = (n), .about = (about_), .at = offsetof(struct config, field),      \
        .number = true, .min = (min_), .max = (max_), .fallback = (fallback_)                      \
    }

static const struct key keys[] = {
    TEXT("page", "listen", listen, "127.0.0.1:7601",
         "where the page listens: loopback or unix:PATH, nothing else"),
    TEXT("page", "origin", origin, "",
         "the address people type, when it is not the node's own (a reverse proxy)"),
    NUMBER("page", "idle_minutes", idle_minutes, 1, 480, 15,
           "a login without a request ends after so long"),
    NUMBER("page", "login_hours", login_hours, 1, 24, 10, "a login ends after so long in any case"),
    TEXT("link", "coordinator", coordinator, "",
         "where the consortium's coordinator listens, tcp://HOST:PORT; empty: this site stands "
         "alone"),
    {.section = "policy",
     .name = "two_person",
     .about = "yes: an approval takes force with a second steward; no: one is enough",
     .at = offsetof(struct config, two_person),
     .text_fallback = "no",
     .yes_no = true},
    NUMBER("vault", "size_limit", size_limit, 0, INT64_MAX, 0,
           "bytes that records may take; 0: what the disk has"),
    NUMBER("import", "text_limit", text_limit, 1, INT64_MAX, (uint64_t)16 * MIB,
           "bytes of one text"),
    NUMBER("import", "image_limit", image_limit, 1, INT64_MAX, (uint64_t)256 * MIB,
           "bytes of one picture"),
    NUMBER("import", "pixel_limit", pixel_limit, 1, (uint64_t)1 << 31, (uint64_t)64 * 1000 * 1000,
           "pixels of one picture"),
};
enum { KEYS = sizeof keys / sizeof keys[0], TEXT_SIZE = 256 };

bool config_two_person(const struct config *c)
{
    return strcmp(c->two_person, "yes") == 0;
}

void config_default(struct config *c)
{
    memset(c, 0, sizeof *c);
    for (size_t i = 0; i < KEYS; i++) {
        char *to = (char *)c + keys[i].at;
        if (keys[i].number)
            memcpy(to, &keys[i].fallback, sizeof keys[i].fallback);
        else
            (void)snprintf(to, TEXT_SIZE, "%s", keys[i].text_fallback);
    }
}

static bool set_key(void *ctx, const char *section, const char *name, const char *value,
                    struct diag *d)
{
    for (size_t i = 0; i < KEYS; i++) {
        const struct key *k = &keys[i];
        uint64_t v = 0;
        char *to = (char *)ctx + k->at;
        if (strcmp(section, k->section) != 0 || strcmp(name, k->name) != 0)
            continue;
        if (k->yes_no && strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
            return diag_set(d, ERR_INVALID, "%s is yes or no", name) == OK;
        if (!k->number) {
            (void)snprintf(to, TEXT_SIZE, "%s", value);
            return strlen(value) < TEXT_SIZE ||
                   diag_set(d, ERR_TOOBIG, "%s is too long", name) == OK;
        }
        if (parse_u64_str(value, k->max, &v) || v < k->min)
            return diag_set(d, ERR_INVALID, "%s is a number from %llu to %llu", name,
                            (unsigned long long)k->min, (unsigned long long)k->max) == OK;
        memcpy(to, &v, sizeof v);
        return true;
    }
    return false;
}

enum err config_read(const char *path, bool must_exist, struct config *c, struct diag *d)
{
    enum err e = conf_read(path, set_key, c, d);
    if (e == ERR_NOTFOUND && !must_exist)
        return OK;
    if (e && d->text[0] == '\0')
        return diag_set(d, e, "cannot be read (%s)", err_name(e));
    return e;
}

void config_print(const struct config *c, FILE *out)
{
    const char *section = "";
    for (size_t i = 0; i < KEYS; i++) {
        const struct key *k = &keys[i];
        const char *from = (const char *)c + k->at;
        if (strcmp(section, k->section) != 0)
            (void)fprintf(out, "%s[%s]\n", i == 0 ? "" : "\n", k->section);
        section = k->section;
        (void)fprintf(out, "; %s\n", k->about);
        if (k->number) {
            uint64_t v = 0;
            memcpy(&v, from, sizeof v);
            (void)fprintf(out, "%s = %llu\n", k->name, (unsigned long long)v);
        } else {
            (void)fprintf(out, "%s = %s\n", k->name, from);
        }
    }
}
