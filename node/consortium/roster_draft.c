/* roster_draft.c - drafting a roster. */
#include "node/consortium/roster_draft.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/rng.h"
#include "base/text.h"
#include "core/identity/note.h"
#include "core/json/json.h"
#include "host/say.h"

#include <stdio.h>
#include <stdlib.h>

enum { YEARS = 2 };

/* --- requests --- */

static int complain_request(const char *path, const char *why)
{
    return complain(EXIT_DATA, "%s: %s", shown(path), why);
}

/* Every key that signs notes has signed; the others have their proofs, which the document's rules verify. */
static int check_request(const char *path, struct bytes note, const json_t *doc)
{
    static const char *const names[] = {"log", "msg", "gov", "lead"};
    struct vkey keys[4];
    struct note_seal seals[4];
    struct note n;
    size_t count = 0;
    for (size_t i = 0; i < 4; i++) {
        const char *text = json_string_value(json_object_get(doc, names[i]));
        if (text != NULL && vkey_parse(bytes_str(text), &keys[count]) == OK)
            count++;
    }
    if (note_parse(note, &n) || note_verify(&n, keys, count, seals))
        return complain_request(path,
                                "a signature of this request does not verify: ask for it anew");
    for (size_t i = 0; i < count; i++) {
        if (!seals[i].valid)
            return complain_request(path, "not signed by all keys that it names");
    }
    return EXIT_OK;
}

static int read_request(const char *path, struct document **out)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(NOTE_FILE_MAX);
    CLEANUP(buf_fini) struct buf lines = BUF_INIT(NOTE_FILE_MAX);
    AUTO(document) doc = NULL;
    int code = notes_open(path, DOCUMENT_REQUEST, NULL, &doc, &lines);
    if (code)
        return code;
    (void)buf_put(&text, document_note(doc));
    (void)buf_putc(&text, '\n');
    if (buf_put(&text, buf_bytes(&lines)))
        return complain(EXIT_AGAIN, "out of memory");
    code = check_request(path, buf_bytes(&text), document_json(doc));
    if (!code)
        *out = MOVE(doc);
    return code;
}

/* --- draft --- */

static void copy_member(json_t *to, const json_t *from, const char *name)
{
    (void)json_object_set(to, name, json_object_get(from, name));
}

static json_t *coordinator_of(const json_t *request)
{
    static const char *const names[] = {"id", "log", "msg", "witness", "plan", "curve"};
    json_t *c = json_object();
    for (size_t i = 0; i < 6; i++)
        copy_member(c, request, names[i]);
    return c;
}

static json_t *site_of(const json_t *request, int64_t number, const char *from, const char *until)
{
    static const char *const names[] = {"id",  "name",   "log",   "msg",
                                        "sum", "x25519", "curve", "witness"};
    const json_t *lead = json_object_get(request, "lead");
    json_t *s = json_pack("{s:I, s:s, s:s, s:s}", "site", (json_int_t)number, "from", from, "until",
                          until, "state", "active");
    for (size_t i = 0; i < 8; i++)
        copy_member(s, request, names[i]);
    (void)json_object_set_new(s, "lead",
                              lead == NULL ? json_null() : json_copy((json_t *)(uintptr_t)lead));
    json_t *roles = json_pack("[s]", "site");
    if (lead != NULL)
        (void)json_array_append_new(roles, json_string("lead"));
    (void)json_object_set_new(s, "roles", roles);
    return s;
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;
    return strcmp(*x, *y);
}

static json_t *sorted(const char **list, size_t n)
{
    json_t *out = json_array();
    qsort(list, n, sizeof *list, by_text);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || strcmp(list[i], list[i - 1]) != 0)
            (void)json_array_append_new(out, json_string(list[i]));
    }
    return out;
}

/* Today, and so many years later, as days. */
static void dates(char from[11], char until[11])
{
    char now[CLOCK_TEXT];
    (void)clock_rfc3339(clock_now_ms(), now);
    memcpy(from, now, 10);
    from[10] = '\0';
    memcpy(until, from, 11);
    unsigned year = 0;
    for (int i = 0; i < 4; i++)
        year = year * 10 + (unsigned)(from[i] - '0');
    year += YEARS;
    for (int i = 3; i >= 0; i--, year /= 10)
        until[i] = (char)('0' + year % 10);
    if (memcmp(until + 4, "-02-29", 6) == 0)
        until[9] = '8';
}

struct draft {
    json_t *doc;
    const char *const *revoked; /* ids, to NULL */
    const char *governors[NOTES_MAX + DRAFT_LIST];
    size_t n_governors;
    int64_t next_site;
    char from[11], until[11];
};

static json_t *base_of(const struct document *on)
{
    char id[33];
    uint8_t raw[16];
    if (on != NULL) {
        json_t *doc = json_deep_copy(document_json(on));
        (void)json_object_set_new(doc, "version",
                                  json_integer((json_int_t)document_version(on) + 1));
        (void)json_object_set_new(doc, "previous", json_string(hash_uri(document_hash(on)).s));
        return doc;
    }
    rng_fill(raw, sizeof raw);
    hex_encode(bytes_of(raw, sizeof raw), id);
    return json_pack("{s:i, s:s, s:i, s:n, s:[]}", "v", 1, "federation_id", id, "version", 1,
                     "previous", "sites");
}

static int take_request(struct draft *d, const char *path, struct document *request)
{
    const json_t *j = document_json(request);
    const json_t *federation = json_object_get(d->doc, "federation");
    json_t *sites = json_object_get(d->doc, "sites");
    if (federation == NULL)
        copy_member(d->doc, j, "federation");
    else if (!json_equal(federation, json_object_get(j, "federation")))
        return complain(EXIT_DATA, "%s: of the federation %s, the others are of %s", shown(path),
                        json_text(j, "federation"), json_string_value(federation));
    if (strcmp(json_text(j, "kind"), "coordinator") == 0) {
        (void)json_object_set_new(d->doc, "coordinator", coordinator_of(j));
        return EXIT_OK;
    }
    (void)json_array_append_new(sites, site_of(j, d->next_site++, d->from, d->until));
    if (d->n_governors < NOTES_MAX)
        d->governors[d->n_governors++] = json_text(j, "gov");
    return EXIT_OK;
}

static int take_out(json_t *doc, const char *id)
{
    json_t *sites = json_object_get(doc, "sites");
    for (size_t i = 0; i < json_array_size(sites); i++) {
        json_t *s = json_array_get(sites, i);
        if (strcmp(json_text(s, "id"), id) == 0) {
            (void)json_object_set_new(s, "state", json_string("revoked"));
            return EXIT_OK;
        }
    }
    return complain(EXIT_DATA, "--revoke %s: the roster has no such site", shown(id));
}

/* The key of a site that goes goes with it: `<federation>/<site>/gov`. */
static bool goes(const struct draft *d, const char *governor)
{
    const char *federation = json_text(d->doc, "federation");
    size_t n = strlen(federation);
    const char *id = governor + n + 1;
    if (strncmp(governor, federation, n) != 0 || governor[n] != '/')
        return false;
    for (size_t i = 0; d->revoked[i] != NULL; i++) {
        size_t m = strlen(d->revoked[i]);
        if (strncmp(id, d->revoked[i], m) == 0 && strncmp(id + m, "/gov+", 5) == 0)
            return true;
    }
    return false;
}

static int finish(const struct roster_draft *r, struct draft *d, const struct document *on)
{
    struct diag why = {0};
    uint64_t k = 0;
    AUTO(document) doc = NULL;
    for (size_t i = 0; r->governors[i] != NULL; i++)
        d->governors[d->n_governors++] = r->governors[i];
    const json_t *old = json_object_get(d->doc, "governors");
    for (size_t i = 0; i < json_array_size(old) && d->n_governors < NOTES_MAX; i++) {
        const char *governor = json_string_value(json_array_get(old, i));
        if (!goes(d, governor))
            d->governors[d->n_governors++] = governor;
    }
    json_t *governors = sorted(d->governors, d->n_governors);
    if (r->k != NULL && parse_u64_str(r->k, NOTES_MAX, &k) == OK)
        (void)json_object_set_new(d->doc, "k", json_integer((json_int_t)k));
    (void)json_object_set_new(d->doc, "governors", governors);
    enum err e = document_of_json(DOCUMENT_ROSTER, d->doc, on, &doc, &why);
    if (e)
        return complain_diag(e, "roster draft", &why);
    notes_describe(doc, NULL, bytes_of(NULL, 0));
    return note_file_write(r->out, document_note(doc), bytes_of(NULL, 0));
}

static int take_all(const struct roster_draft *r, struct draft *d, char **files, int n,
                    struct document **requests)
{
    int code = EXIT_OK;
    for (int i = 0; i < n && !code; i++) {
        code = read_request(files[i], &requests[i]);
        if (!code)
            code = take_request(d, files[i], requests[i]);
    }
    for (size_t i = 0; r->revoke[i] != NULL && !code; i++)
        code = take_out(d->doc, r->revoke[i]);
    return code;
}

int roster_draft(const struct roster_draft *r, char **files, int n)
{
    CLEANUP(buf_fini) struct buf lines = BUF_INIT(NOTE_FILE_MAX);
    struct document *requests[NOTES_MAX] = {NULL};
    struct draft d = {.revoked = r->revoke, .next_site = 1};
    AUTO(document) on = NULL;
    if (r->k == NULL && r->on == NULL)
        return complain(EXIT_USAGE, "roster draft wants --k K: how many governors must sign");
    if (n > NOTES_MAX)
        return complain(EXIT_USAGE, "roster draft takes at most %d requests", NOTES_MAX);
    int code = r->on == NULL ? EXIT_OK : notes_open(r->on, DOCUMENT_ROSTER, NULL, &on, &lines);
    if (code)
        return code;
    dates(d.from, d.until);
    if (r->until != NULL)
        (void)snprintf(d.until, sizeof d.until, "%s", r->until);
    AUTO_JSON doc = base_of(on);
    d.doc = doc;
    if (on != NULL) {
        const json_t *sites = json_object_get(doc, "sites");
        const json_t *last = json_array_get(sites, json_array_size(sites) - 1);
        d.next_site = json_integer_value(json_object_get(last, "site")) + 1;
    }
    code = take_all(r, &d, files, n, requests);
    if (!code)
        code = finish(r, &d, on);
    for (int i = 0; i < NOTES_MAX; i++)
        document_free(requests[i]);
    return code;
}
