/* roster.c - rules of rosters. */
#include "core/identity/rules.h"

static bool ends_in(const char *text, const char *tail)
{
    size_t n = strlen(text);
    size_t t = strlen(tail);
    return n >= t && strcmp(text + n - t, tail) == 0;
}

static void judge_governor(const struct rules *r, const json_t *all, size_t i,
                           const struct vkey *keys, const struct place *at)
{
    const struct vkey *k = &keys[i];
    if (k->type != VKEY_ED25519)
        fault_entry(r->f, at, i, "must be a key of type 1");
    else if (!ends_in(k->name, "/gov"))
        fault_entry(r->f, at, i, "a governor's name ends in /gov");
    else if (i > 0 && strcmp(json_string_value(json_array_get(all, i - 1)),
                             json_string_value(json_array_get(all, i))) >= 0)
        fault_entry(r->f, at, i, "governors must be sorted bytewise, each once");
    for (size_t b = 0; b < i; b++) {
        if (strcmp(keys[b].name, k->name) == 0 ||
            memcmp(keys[b].key.b, k->key.b, sizeof k->key.b) == 0)
            fault_entry(r->f, at, i, "this name or key stands in the list already");
    }
}

static void judge_governors(const struct rules *r)
{
    const json_t *all = json_object_get(r->doc, "governors");
    size_t n = json_array_size(all);
    struct place at = place_member(r->at, "governors");
    AUTO_MEM struct vkey *keys = calloc(n, sizeof *keys);
    if (keys == NULL) {
        r->f->nomem = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (vkey_parse(bytes_str(json_string_value(json_array_get(all, i))), &keys[i])) {
            fault_entry(r->f, &at, i, "not this key's id, or no key of type 1");
            return;
        }
        judge_governor(r, all, i, keys, &at);
    }
    if (int_of(r->doc, "k") > (int64_t)n)
        fault_in(r->f, r->at, "k", "there are only %zu governors", n);
}

/* log, msg and witness of a site or the coordinator; *origin is empty where memory is out. */
static void judge_party(const struct rules *r, const json_t *party, const struct place *at,
                        struct buf *origin)
{
    struct vkey key;
    buf_clear(origin);
    (void)buf_printf(origin, "%s/%s", string_of(r->doc, "federation"), string_of(party, "id"));
    const char *name = buf_cstr(origin);
    if (name == NULL) {
        r->f->nomem = true;
        return;
    }
    (void)rule_key(party, "log", name, "", VKEY_ED25519, at, r->f, &key);
    (void)rule_key(party, "msg", name, "/msg", VKEY_ED25519, at, r->f, &key);
    (void)rule_key(party, "witness", name, "/witness", VKEY_COSIGNATURE, at, r->f, &key);
    (void)rule_key(party, "lead", name, "/lead", VKEY_ED25519, at, r->f, &key);
}

static bool leads(const json_t *site)
{
    const json_t *roles = json_object_get(site, "roles");
    for (size_t i = 0; i < json_array_size(roles); i++) {
        if (strcmp(json_string_value(json_array_get(roles, i)), "lead") == 0)
            return true;
    }
    return false;
}

static const json_t *site_numbered(const json_t *sites, int64_t number)
{
    for (size_t i = 0; i < json_array_size(sites); i++) {
        if (int_of(json_array_get(sites, i), "site") == number)
            return json_array_get(sites, i);
    }
    return NULL;
}

static void judge_site(const struct rules *r, const json_t *all, size_t i, const struct place *at)
{
    const json_t *site = json_array_get(all, i);
    const char *id = string_of(site, "id");
    if (i > 0 && int_of(json_array_get(all, i - 1), "site") >= int_of(site, "site"))
        fault_in(r->f, at, "site", "sites must ascend by their number");
    if (string_is(json_object_get(r->doc, "coordinator"), "id", id))
        fault_in(r->f, at, "id", "the coordinator's id");
    rule_date(site, "from", at, r->f);
    rule_date(site, "until", at, r->f);
    if (strcmp(string_of(site, "from"), string_of(site, "until")) >= 0)
        fault_at(r->f, at, "from must be before until");
    if (leads(site) != json_is_string(json_object_get(site, "lead")))
        fault_at(r->f, at, "the role lead and the key lead go together");
    if (r->on == NULL)
        return;
    const json_t *was =
        site_numbered(json_object_get(document_json(r->on), "sites"), int_of(site, "site"));
    if (was != NULL && !string_is(was, "id", id))
        fault_in(r->f, at, "site", "the number of %s is never used again", string_of(was, "id"));
}

void rules_roster(const struct rules *r)
{
    const json_t *sites = json_object_get(r->doc, "sites");
    struct place at = place_member(r->at, "sites");
    struct place coordinator = place_member(r->at, "coordinator");
    CLEANUP(buf_fini) struct buf origin = BUF_INIT(200);
    rule_version(r, "previous");
    rule_chain(r, "previous");
    rule_same(r, "federation");
    rule_same(r, "federation_id");
    judge_governors(r);
    judge_party(r, json_object_get(r->doc, "coordinator"), &coordinator, &origin);
    rule_unique(sites, "id", &at, r->f);
    for (size_t i = 0; i < json_array_size(sites); i++) {
        struct place p = place_entry(&at, i);
        judge_site(r, sites, i, &p);
        judge_party(r, json_array_get(sites, i), &p, &origin);
    }
}
