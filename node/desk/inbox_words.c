/* inbox_words.c - a roster or policy in sentences. */
#include "node/desk/inbox_governed.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void say(json_t *words, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(json_t *words, const char *fmt, ...)
{
    char text[1000];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    (void)json_array_append_new(words, json_string(text));
}

static long long num(const json_t *v, const char *name)
{
    return json_integer_value(json_object_get(v, name));
}

/* One sentence a site: %s is its name, then its id. */
static void say_each(const json_t *list, const char *before, const char *after, json_t *words)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *s = json_array_get(list, i);
        say(words, "%s%.200s (%s)%s", before, json_text(s, "name"), json_text(s, "id"), after);
    }
}

static void say_names(const char *before, const json_t *list, json_t *words)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        say(words, "%s%s.", before, json_string_value(json_array_get(list, i)));
}

static void roster_words(const json_t *doc, const json_t *state, json_t *words)
{
    const json_t *c = json_object_get(state, "changes");
    if (!json_is_object(c)) {
        say(words, "The consortium has %zu sites; %lld of %zu governors sign.",
            json_array_size(json_object_get(doc, "sites")), num(doc, "k"),
            json_array_size(json_object_get(doc, "governors")));
        return;
    }
    const char *own = json_text(c, "own");
    if (strcmp(own, "active") != 0)
        say(words, "This site itself is taken out: its node will be cut off.");
    say_each(json_object_get(c, "joins"), "", " asks to join.", words);
    say_each(json_object_get(c, "revoked"), "", " is to be revoked: its node will be cut off.",
             words);
    say_each(json_object_get(c, "gone"), "", " is left out: its node will be cut off.", words);
    say_each(json_object_get(c, "renewed"), "", " gets other keys.", words);
    say_names("Becomes a governor: ", json_object_get(c, "governors_in"), words);
    say_names("Is no governor any more: ", json_object_get(c, "governors_out"), words);
    if (json_is_true(json_object_get(c, "coordinator")))
        say(words, "The coordinator gets other keys.");
    say(words, "Afterwards %lld of %lld governors sign (now %lld).", num(c, "k"),
        num(c, "governors"), num(c, "k_before"));
}

/* "8 (now 4)", or "8" where nothing changes. */
static void say_figure(const char *what, const json_t *doc, const json_t *before, const char *name,
                       json_t *words)
{
    CLEANUP(buf_fini) struct buf now = BUF_INIT(200);
    CLEANUP(buf_fini) struct buf was = BUF_INIT(200);
    const json_t *old = json_object_get(before, name);
    const json_t *value = json_object_get(doc, name);
    if (json_is_string(value))
        (void)buf_printf(&now, "%.60s", json_string_value(value));
    else
        (void)buf_printf(&now, "%lld", json_integer_value(value));
    if (old != NULL && !json_equal(old, value) && json_is_string(old))
        (void)buf_printf(&was, " (now %.60s)", json_string_value(old));
    else if (old != NULL && !json_equal(old, value))
        (void)buf_printf(&was, " (now %lld)", json_integer_value(old));
    say(words, "%s: %s%s.", what, buf_cstr(&now), was.n == 0 ? "" : buf_cstr(&was));
}

static void policy_words(const json_t *doc, const json_t *before, json_t *words)
{
    size_t templates = json_array_size(json_object_get(doc, "templates"));
    if (templates == 0)
        say(words, "No kind of release is foreseen: no figure may leave a site.");
    else
        say(words, "%zu kinds of release may be asked for by campaigns.", templates);
    say_figure("The whole privacy budget, in units", doc, before, "cap_units", words);
    say_figure("A site with fewer patients stays out", doc, before, "patients_min", words);
    say_figure("Sums a day at most", doc, before, "sessions_per_day", words);
    say_figure("Corrupted sites that are borne", doc, before, "c", words);
    say_figure("Sites that have to take part", doc, before, "t", words);
}

void governed_words(const struct doc_row *row, const json_t *doc, const json_t *before,
                    const json_t *state, json_t *words)
{
    bool in_force = json_is_integer(json_object_get(state, "in_force_ms"));
    if (strcmp(row->kind, "roster") == 0)
        roster_words(doc, state, words);
    else
        policy_words(doc, before, words);
    say(words,
        "Fingerprint of this text: %s. Compare it with another steward, by telephone or in a "
        "room.",
        json_text(state, "fingerprint"));
    if (in_force)
        say(words, strcmp(row->state, "approved") == 0
                       ? "It is in force."
                       : "It is in force, without a signature of this site.");
    else if (strcmp(row->state, "expired") == 0)
        say(words, "Another document took its place: it can no longer take force.");
    else
        say(words,
            "%lld of the %lld governors that it needs have signed it; until then nothing "
            "changes.",
            num(state, "valid"), num(state, "need"));
}
