/* state.c - the node's state in figures. */
#include "node/state.h"

#include "core/identity/governance.h"
#include "host/people.h"
#include "node/gate/suspend.h"
#include "node/gate/uplink.h"
#include "node/vault/records.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

static enum err count_person(void *ctx, const struct person *p)
{
    *(json_int_t *)ctx += !p->disabled;
    return OK;
}

enum err state_json(struct app *a, json_t **out)
{
    struct records_count n = {0};
    struct stat st = {0};
    struct statvfs fs = {0};
    json_int_t users = 0;
    const struct keyring_identity *who = keyring_who(a->keyring);
    enum err e = records_count(a->vault, &n);
    if (!e)
        e = people_all(vault_db(a->vault), count_person, &users);
    if (e)
        return e;
    (void)stat(a->vault_path, &st);
    (void)fstatvfs(a->dir, &fs);
    json_int_t room = (json_int_t)fs.f_bavail * (json_int_t)fs.f_frsize;
    json_t *v = json_pack(
        "{s:s, s:{s:s, s:s}, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:s, s:o, s:I, "
        "s:I}",
        "version", CLOISTER_VERSION, "site", "id", who->id, "name", who->name, "started_ms",
        (json_int_t)a->started_ms, "state_bytes", (json_int_t)st.st_size, "free_bytes", room,
        "patients", (json_int_t)n.patients, "sessions", (json_int_t)n.sessions, "items",
        (json_int_t)n.items, "streams", (json_int_t)n.streams, "users", users, "last_anchor_ms",
        (json_int_t)a->last_anchor_ms, "log_size", (json_int_t)logstore_size(a->access), "running",
        (int)(a->loop != NULL), "link", uplink_state(a->uplink), "suspended", suspend_json(a),
        "roster", (json_int_t)(a->roster == NULL ? 0 : document_version(a->roster)), "policy",
        (json_int_t)(a->policy == NULL ? 0 : document_version(a->policy)));
    if (v == NULL)
        return ERR_NOMEM;
    *out = v;
    return OK;
}
