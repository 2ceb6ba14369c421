/* members.c - what each site has said of itself. */
#include "coordinator/store/store_in.h"

#include <stdio.h>

static const char sql_member[] =
    "SELECT applied_index, last_ms, status_ms, software, roster, policy, pending, oldest_s, disk"
    " FROM member WHERE site = :site";
static const char sql_outbox[] =
    "SELECT count(*), count(seq), count(acked_ms) FROM outbox WHERE site = :site";
static const char sql_applied[] =
    "INSERT INTO member (site, applied_index, last_ms) VALUES (:site, :index, :now)"
    " ON CONFLICT (site) DO UPDATE SET applied_index = :index, last_ms = :now";
static const char sql_status[] =
    "INSERT INTO member (site, status_ms, software, roster, policy, pending, oldest_s, disk)"
    " VALUES (:site, :now, :software, :roster, :policy, :pending, :oldest, :disk)"
    " ON CONFLICT (site) DO UPDATE SET status_ms = :now, software = :software, roster = :roster,"
    " policy = :policy, pending = :pending, oldest_s = :oldest, disk = :disk";

static enum err count_outbox(struct store *s, const char *site, struct member_row *out)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_outbox);
    bool row = false;
    bind_str(q, ":site", site);
    enum err e = stmt_row(q, &row);
    if (e || !row)
        return e;
    out->documents = col_u64(q, 0);
    out->sent = col_u64(q, 1);
    out->acked = col_u64(q, 2);
    return OK;
}

enum err store_member(struct store *s, const char *site, struct member_row *out)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_member);
    struct member_row m = {0};
    bool row = false;
    bind_str(q, ":site", site);
    enum err e = stmt_row(q, &row);
    if (!e && row) {
        uint64_t *const to[] = {&m.applied_index, &m.last_ms, &m.status_ms, &m.software,
                                &m.roster,        &m.policy,  &m.pending,   &m.oldest_s};
        for (int i = 0; i < 8; i++)
            *to[i] = col_u64(q, i);
        (void)snprintf(m.disk, sizeof m.disk, "%s", col_str(q, 8));
    }
    if (!e)
        e = count_outbox(s, site, &m);
    if (!e)
        *out = m;
    return e;
}

enum err store_member_applied(struct store *s, const char *site, uint64_t applied_index,
                              uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_applied);
    bind_str(q, ":site", site);
    bind_u64(q, ":index", applied_index);
    bind_u64(q, ":now", now_ms);
    return stmt_run(q);
}

/* The wire holds 64 bits, a column 63: a figure beyond is shown as the largest. */
static uint64_t capped(uint64_t v)
{
    return v > INT64_MAX ? INT64_MAX : v;
}

enum err store_member_status(struct store *s, const char *site, const struct status *status,
                             uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_status);
    bind_str(q, ":site", site);
    bind_u64(q, ":now", now_ms);
    bind_u64(q, ":software", capped(status->software));
    bind_u64(q, ":roster", capped(status->roster));
    bind_u64(q, ":policy", capped(status->policy));
    bind_u64(q, ":pending", capped(status->pending));
    bind_u64(q, ":oldest", capped(status->oldest_s));
    bind_text(q, ":disk", status->disk);
    return stmt_run(q);
}
