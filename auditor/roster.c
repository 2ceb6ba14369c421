/* roster.c - from a roster to a policy. */
#include "roster.h"

#include "core/identity/note.h"
#include "io/files.h"
#include "trust.h"

#include <fcntl.h>

enum { KEYS_MODE = 0644 };

/* Everything that stands in the auditor's two files. */
struct sides {
    struct vkey site_log, site_msg, site_witness;
    struct vkey coord_log, coord_msg, coord_witness;
    struct vkey third;
    bool has_third;
};

static enum err take_key(const json_t *party, const char *member, struct vkey *out)
{
    const char *text = json_string_value(json_object_get(party, member));
    return text == NULL ? ERR_INVALID : vkey_parse(bytes_str(text), out);
}

/* The coordinator's key under the name that it bears for this site: `<origin>/<site><tail>` (data.md 5). */
static enum err rename_key(const json_t *coord, const char *member, const char *origin,
                           const char *site, const char *tail, struct vkey *out)
{
    CLEANUP(buf_fini) struct buf name = BUF_INIT(VKEY_NAME_MAX);
    struct vkey k;
    enum err e = take_key(coord, member, &k);
    if (!e)
        e = buf_printf(&name, "%s/%s%s", origin, site, tail);
    return e ? e : vkey_make(buf_bytes(&name), VKEY_ED25519, k.key, out);
}

static const json_t *site_of(const json_t *roster, const char *id)
{
    const json_t *sites = json_object_get(roster, "sites");
    for (size_t i = 0; i < json_array_size(sites); i++) {
        const json_t *site = json_array_get(sites, i);
        const char *name = json_string_value(json_object_get(site, "id"));
        if (name != NULL && strcmp(name, id) == 0)
            return site;
    }
    return NULL;
}

static enum err sides_of(const json_t *roster, const json_t *site, struct sides *s)
{
    const json_t *coord = json_object_get(roster, "coordinator");
    const char *id = json_string_value(json_object_get(site, "id"));
    struct vkey plain;
    enum err e = take_key(site, "log", &s->site_log);
    if (!e)
        e = take_key(site, "msg", &s->site_msg);
    if (!e)
        e = take_key(site, "witness", &s->site_witness);
    if (!e)
        e = take_key(coord, "witness", &s->coord_witness);
    if (!e)
        e = take_key(coord, "log", &plain); /* its name is the coordinator's origin */
    if (!e)
        e = rename_key(coord, "log", plain.name, id, "", &s->coord_log);
    if (!e)
        e = rename_key(coord, "msg", plain.name, id, "/msg", &s->coord_msg);
    return e;
}

static void put_key(struct buf *b, const char *before, const struct vkey *k)
{
    (void)buf_puts(b, before);
    (void)vkey_put(k, b);
    (void)buf_putc(b, '\n');
}

/* An owner's own witness does not count for its log (5.1.9), so one of the two means the other side's. */
static enum err put_policy(const struct sides *s, struct buf *b)
{
    put_key(b, "log ", &s->site_log);
    put_key(b, "log ", &s->coord_log);
    put_key(b, "witness site ", &s->site_witness);
    put_key(b, "witness coordinator ", &s->coord_witness);
    (void)buf_puts(b, "group other-side any site coordinator\n");
    if (!s->has_third)
        (void)buf_puts(b, "quorum other-side\n");
    else {
        put_key(b, "witness third ", &s->third);
        (void)buf_puts(b, "group both all other-side third\nquorum both\n");
    }
    return buf_err(b);
}

static enum exit_status put_keys(const struct sides *s, const char *path, FILE *log)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(4096);
    if (path == NULL)
        return EXIT_VALID;
    put_key(&b, "", &s->site_msg);
    put_key(&b, "", &s->coord_msg);
    enum err e = buf_err(&b);
    if (!e)
        e = file_replace(AT_FDCWD, path, buf_bytes(&b), KEYS_MODE);
    if (e == ERR_NOMEM)
        return EXIT_BUG;
    return e ? trust_refuse(log, path, "cannot be written") : EXIT_VALID;
}

/* Keys that an older roster lists and the newest does not. */
static enum err add_older(const struct document *roster, const char *site, struct keys *keys)
{
    const json_t *j = site_of(document_json(roster), site);
    struct sides s = {.has_third = false};
    if (j == NULL)
        return OK;
    enum err e = sides_of(document_json(roster), j, &s);
    if (!e)
        e = keys_add_older(keys, &s.site_msg);
    return e ? e : keys_add_older(keys, &s.coord_msg);
}

enum err roster_trust(const struct rosters *r, const char *site, struct policy **policy,
                      struct keys **keys)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(8192);
    CLEANUP(buf_fini) struct buf list = BUF_INIT(4096);
    struct sides s = {.has_third = false};
    struct diag d = {0};
    const json_t *j = site_of(document_json(r->doc[0]), site);
    enum err e = j == NULL ? ERR_NOTFOUND : sides_of(document_json(r->doc[0]), j, &s);
    if (!e)
        e = put_policy(&s, &text);
    put_key(&list, "", &s.site_msg);
    put_key(&list, "", &s.coord_msg);
    if (!e)
        e = policy_parse(buf_bytes(&text), policy, &d);
    if (!e)
        e = keys_parse(buf_bytes(&list), keys, &d);
    for (size_t i = 1; i < r->n && !e; i++)
        e = add_older(r->doc[i], site, *keys);
    return e;
}

static enum exit_status on_roster(const struct roster_options *o, const struct document *doc,
                                  struct sides *s, FILE *out, FILE *log)
{
    CLEANUP(buf_fini) struct buf policy = BUF_INIT(8192);
    const json_t *site = site_of(document_json(doc), o->site);
    if (site == NULL)
        return trust_refuse(log, o->site, "the roster names no such site");
    enum err e = sides_of(document_json(doc), site, s);
    if (e)
        return e == ERR_NOMEM ? EXIT_BUG
                              : trust_refuse(log, o->roster, "its names are too long for a log's");
    if (put_policy(s, &policy))
        return EXIT_BUG;
    enum exit_status status = put_keys(s, o->keys, log);
    if (status != EXIT_VALID)
        return status;
    roster_say_fingerprint(doc, log);
    return fwrite(policy.p, 1, policy.n, out) == policy.n && fflush(out) == 0 ? EXIT_VALID
                                                                              : EXIT_BUG;
}

enum exit_status roster_policy(const struct roster_options *o, FILE *out, FILE *log)
{
    AUTO(document) doc = NULL;
    struct sides s = {.has_third = o->witness != NULL};
    if (o->roster == NULL || o->site == NULL)
        return trust_refuse(log, "policy", "--roster FILE and --site ID are wanted");
    if (s.has_third &&
        (vkey_parse(bytes_str(o->witness), &s.third) || s.third.type != VKEY_COSIGNATURE))
        return trust_refuse(log, "--witness", "not a vkey of type 4");
    enum exit_status status = roster_read(o->roster, &doc, log);
    if (status == EXIT_VALID)
        status = on_roster(o, doc, &s, out, log);
    if (status == EXIT_BUG)
        (void)fprintf(log, "cloister-audit: internal error or out of memory\n");
    return status;
}
