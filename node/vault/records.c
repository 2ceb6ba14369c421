/* records.c - SQL of sessions, streams, chunks and items. */
#include "node/vault/records.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { CHUNK_BITS = 24 };

static int64_t chunk_id(int64_t stream, uint64_t n)
{
    assert(n < (uint64_t)1 << CHUNK_BITS);
    return (int64_t)((uint64_t)stream << CHUNK_BITS | n);
}

static const char sql_patient[] = "INSERT INTO patient (hmac) VALUES (:hmac) ON CONFLICT (hmac) DO "
                                  "UPDATE SET hmac = excluded.hmac RETURNING id";
static const char sql_session[] =
    "INSERT INTO session (pseudonym, patient, made_ms) VALUES (:pseudonym, :patient, :now)"
    " ON CONFLICT (pseudonym) DO UPDATE SET patient = coalesce(patient, excluded.patient) "
    "RETURNING id";
static const char sql_item_make[] =
    "INSERT INTO item VALUES (:item, :session) ON CONFLICT DO NOTHING";

static enum err patient_id(struct vault *v, struct bytes hmac, int64_t *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_patient);
    bind_blob(s, ":hmac", hmac);
    enum err e = stmt_row(s, &row);
    if (!e)
        *out = col_i64(s, 0);
    return e;
}

static void item_name(const char *pseudonym, char out[RECORD_ID + 2])
{
    /* item = session (data.md): the same letters behind another sign */
    (void)snprintf(out, RECORD_ID + 2, "i%s", pseudonym + (pseudonym[0] == 's'));
}

enum err records_item_add(struct vault *v, const char *item, int64_t session)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_item_make);
    bind_str(s, ":item", item);
    bind_i64(s, ":session", session);
    return stmt_run(s);
}

enum err records_session(struct vault *v, const char *pseudonym, struct bytes patient,
                         uint64_t now_ms, int64_t *out)
{
    bool row = false;
    int64_t who = 0;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_session);
    enum err e = patient.n == 0 ? OK : patient_id(v, patient, &who);
    if (e)
        return e;
    bind_str(s, ":pseudonym", pseudonym);
    if (patient.n == 0)
        bind_null(s, ":patient");
    else
        bind_i64(s, ":patient", who);
    bind_u64(s, ":now", now_ms);
    e = stmt_row(s, &row);
    if (!e)
        *out = col_i64(s, 0);
    return e;
}

#define STREAM_COLUMNS                                                                             \
    "st.id, st.session, se.pseudonym, st.slot, st.kind, st.media_type, st.bytes, st.sha256, "      \
    "st.state"

static void take_stream(struct stmt *s, struct record_stream *out)
{
    const char *state = col_str(s, 8);
    struct bytes hash = col_bytes(s, 7);
    *out = (struct record_stream){
        .id = col_i64(s, 0), .session = col_i64(s, 1), .bytes = col_u64(s, 6)};
    (void)snprintf(out->pseudonym, sizeof out->pseudonym, "%s", col_str(s, 2));
    (void)snprintf(out->slot, sizeof out->slot, "%s", col_str(s, 3));
    (void)snprintf(out->kind, sizeof out->kind, "%s", col_str(s, 4));
    (void)snprintf(out->media_type, sizeof out->media_type, "%s", col_str(s, 5));
    if (hash.n == sizeof out->sha256.b)
        memcpy(out->sha256.b, hash.p, hash.n);
    out->whole = strcmp(state, "whole") == 0;
    out->absent = strcmp(state, "absent") == 0;
}

static enum err one_stream(struct stmt *s, bool *found, struct record_stream *out)
{
    enum err e = stmt_row(s, found);
    if (!e && *found)
        take_stream(s, out);
    return e;
}

static const char sql_find[] =
    "SELECT " STREAM_COLUMNS " FROM stream st JOIN session se ON se.id = st.session"
    " WHERE se.pseudonym = :pseudonym AND st.slot = :slot";
static const char sql_find_hash[] =
    "SELECT " STREAM_COLUMNS " FROM stream st JOIN session se ON se.id = st.session"
    " WHERE st.sha256 = :hash AND st.state = 'whole' LIMIT 1";
static const char sql_in_work[] =
    "SELECT 1 FROM assignment a JOIN item i ON i.id = a.item JOIN session se ON se.id = i.session"
    " WHERE se.pseudonym = :pseudonym LIMIT 1";

enum err records_find(struct vault *v, const char *pseudonym, const char *slot, bool *found,
                      struct record_stream *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_find);
    bind_str(s, ":pseudonym", pseudonym);
    bind_str(s, ":slot", slot);
    return one_stream(s, found, out);
}

enum err records_find_hash(struct vault *v, struct hash sha256, bool *found,
                           struct record_stream *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_find_hash);
    bind_blob(s, ":hash", hash_bytes(&sha256));
    return one_stream(s, found, out);
}

enum err records_in_work(struct vault *v, const char *pseudonym, bool *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_in_work);
    bind_str(s, ":pseudonym", pseudonym);
    return stmt_row(s, out);
}

static const char sql_begin[] =
    "INSERT INTO stream (session, slot, kind, media_type, bytes, state)"
    " VALUES (:session, :slot, :kind, :type, 0, 'partial') RETURNING id";
static const char sql_put[] = "INSERT INTO chunk VALUES (:id, :bytes)";
static const char sql_grow[] = "UPDATE stream SET bytes = bytes + :n WHERE id = :id";

enum err records_begin(struct vault *v, int64_t session, const char *slot, const char *kind,
                       const char *media_type, int64_t *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_begin);
    bind_i64(s, ":session", session);
    bind_str(s, ":slot", slot);
    bind_str(s, ":kind", kind);
    bind_str(s, ":type", media_type);
    enum err e = stmt_row(s, &row);
    if (!e)
        *out = col_i64(s, 0);
    return e;
}

enum err records_put(struct vault *v, int64_t stream, uint64_t chunk, struct bytes bytes)
{
    CLEANUP(stmt_done) struct stmt *put = db_stmt(vault_db(v), sql_put);
    CLEANUP(stmt_done) struct stmt *grow = db_stmt(vault_db(v), sql_grow);
    bind_i64(put, ":id", chunk_id(stream, chunk));
    bind_borrowed(put, ":bytes", bytes);
    enum err e = stmt_run(put);
    if (e)
        return e;
    bind_u64(grow, ":n", bytes.n);
    bind_i64(grow, ":id", stream);
    return stmt_run(grow);
}

static const char sql_finish[] = "UPDATE stream SET bytes = :bytes, sha256 = :hash, media_type = "
                                 ":type, doc = :doc, clock = :clock,"
                                 " state = 'whole' WHERE id = :id";
static const char sql_absent[] =
    "INSERT INTO stream (session, slot, kind, media_type, bytes, sha256, doc, clock, state)"
    " VALUES (:session, :slot, :kind, :type, :bytes, :hash, :doc, :clock, 'absent') RETURNING id";
static const char sql_session_of[] = "SELECT se.pseudonym, se.id, st.slot FROM stream st JOIN "
                                     "session se ON se.id = st.session WHERE st.id = :id";
static const char sql_join[] =
    "INSERT INTO item_stream VALUES (:item, :slot, :stream) ON CONFLICT DO NOTHING";

enum err records_item_stream(struct vault *v, const char *item, const char *slot, int64_t stream)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_join);
    bind_str(s, ":item", item);
    bind_str(s, ":slot", slot);
    bind_i64(s, ":stream", stream);
    return stmt_run(s);
}

static enum err join_item(struct vault *v, int64_t stream)
{
    char item[RECORD_ID + 2];
    bool row = false;
    CLEANUP(stmt_done) struct stmt *of = db_stmt(vault_db(v), sql_session_of);
    bind_i64(of, ":id", stream);
    enum err e = stmt_row(of, &row);
    if (!e && !row)
        e = ERR_NOTFOUND;
    if (e)
        return e;
    item_name(col_str(of, 0), item);
    e = records_item_add(v, item, col_i64(of, 1));
    return e ? e : records_item_stream(v, item, col_str(of, 2), stream);
}

enum err records_finish(struct vault *v, int64_t stream, uint64_t bytes, struct hash sha256,
                        const char *media_type, const char *doc, const char *clock)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_finish);
    bind_i64(s, ":id", stream);
    bind_u64(s, ":bytes", bytes);
    bind_blob(s, ":hash", hash_bytes(&sha256));
    bind_str(s, ":type", media_type);
    bind_str(s, ":doc", doc);
    bind_str(s, ":clock", clock);
    enum err e = stmt_run(s);
    return e ? e : join_item(v, stream);
}

enum err records_absent(struct vault *v, int64_t session, const char *slot, const char *kind,
                        const char *media_type, uint64_t bytes, struct hash sha256, const char *doc,
                        const char *clock, int64_t *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_absent);
    bind_i64(s, ":session", session);
    bind_str(s, ":slot", slot);
    bind_str(s, ":kind", kind);
    bind_str(s, ":type", media_type);
    bind_u64(s, ":bytes", bytes);
    bind_blob(s, ":hash", hash_bytes(&sha256));
    bind_str(s, ":doc", doc);
    bind_str(s, ":clock", clock);
    enum err e = stmt_row(s, &row);
    if (!e)
        *out = col_i64(s, 0);
    return e;
}

static const char sql_session_id[] = "SELECT se.id FROM session se WHERE se.pseudonym = :pseudonym";
static const char sql_item_session[] = "SELECT session FROM item WHERE id = :item";

static enum err one_id(struct stmt *s, int64_t *out)
{
    bool row = false;
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    if (!row)
        return ERR_NOTFOUND;
    *out = col_i64(s, 0);
    return OK;
}

enum err records_session_id(struct vault *v, const char *pseudonym, int64_t *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_session_id);
    bind_str(s, ":pseudonym", pseudonym);
    return one_id(s, out);
}

enum err records_item_session(struct vault *v, const char *item, int64_t *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_item_session);
    bind_str(s, ":item", item);
    return one_id(s, out);
}

static const char sql_drop_chunks[] = "DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE "
                                      "id >= :first AND id <= :last LIMIT :n)";
static const char sql_drop[] = "DELETE FROM stream WHERE id = :id AND state = 'partial'";

enum err records_drop(struct vault *v, int64_t stream, uint64_t chunks, bool *left)
{
    CLEANUP(stmt_done) struct stmt *c = db_stmt(vault_db(v), sql_drop_chunks);
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_drop);
    bind_i64(c, ":first", chunk_id(stream, 0));
    bind_i64(c, ":last", chunk_id(stream, ((uint64_t)1 << CHUNK_BITS) - 1));
    bind_u64(c, ":n", chunks);
    enum err e = stmt_run(c);
    if (e)
        return e;
    *left = db_changes(vault_db(v)) == chunks;
    if (*left)
        return OK;
    bind_i64(s, ":id", stream);
    return stmt_run(s);
}

static const char sql_chunk[] = "SELECT bytes FROM chunk WHERE id = :id";

enum err records_read(struct vault *v, int64_t stream, uint64_t at, uint8_t *out, size_t n,
                      size_t *got)
{
    *got = 0;
    while (*got < n) {
        bool row = false;
        uint64_t from = at + *got;
        size_t inside = (size_t)(from % VAULT_CHUNK);
        CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_chunk);
        bind_i64(s, ":id", chunk_id(stream, from / VAULT_CHUNK));
        enum err e = stmt_row(s, &row);
        if (e)
            return e;
        struct bytes b = row ? bytes_skip(col_bytes(s, 0), inside) : bytes_of(NULL, 0);
        if (b.n == 0)
            return OK;
        size_t take = b.n < n - *got ? b.n : n - *got;
        memcpy(out + *got, b.p, take);
        *got += take;
    }
    return OK;
}

static const char sql_of_item[] =
    "SELECT " STREAM_COLUMNS ", st.doc, st.clock FROM item_stream ist"
    " JOIN stream st ON st.id = ist.stream JOIN session se ON se.id = st.session"
    " WHERE ist.item = :item ORDER BY ist.slot";

enum err records_of_item(struct vault *v, const char *item, records_fn *fn, void *ctx)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_of_item);
    bind_str(s, ":item", item);
    for (;;) {
        struct record_stream st;
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        take_stream(s, &st);
        e = fn(ctx, &st, col_str(s, 9), col_str(s, 10));
        if (e)
            return e;
    }
}

static const char sql_item[] =
    "SELECT se.pseudonym, p.hmac FROM item i JOIN session se ON se.id = i.session"
    " LEFT JOIN patient p ON p.id = se.patient WHERE i.id = :item";

enum err records_item(struct vault *v, const char *item, char session[RECORD_ID],
                      struct hash *patient)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_item);
    bind_str(s, ":item", item);
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    if (!row)
        return ERR_NOTFOUND;
    (void)snprintf(session, RECORD_ID, "%s", col_str(s, 0));
    struct bytes hmac = col_bytes(s, 1);
    memset(patient, 0, sizeof *patient);
    if (hmac.n == sizeof patient->b)
        memcpy(patient->b, hmac.p, hmac.n);
    return OK;
}

static const char sql_count[] =
    "SELECT (SELECT count(*) FROM patient), (SELECT count(*) FROM session), (SELECT count(*) FROM "
    "item),"
    " (SELECT count(*) FROM stream WHERE state = 'whole'),"
    " (SELECT coalesce(sum(bytes), 0) FROM stream WHERE state = 'whole')";

enum err records_count(struct vault *v, struct records_count *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_count);
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    *out = (struct records_count){.patients = col_u64(s, 0),
                                  .sessions = col_u64(s, 1),
                                  .items = col_u64(s, 2),
                                  .streams = col_u64(s, 3),
                                  .bytes = col_u64(s, 4)};
    return OK;
}

static const char sql_job_begin[] =
    "INSERT INTO import_job (by, started_ms) VALUES (:by, :now) RETURNING id";
static const char sql_job_file[] =
    "INSERT INTO import_file VALUES (:job, :number, :outcome, :stream, :reason)";
static const char sql_job_end[] = "UPDATE import_job SET ended_ms = :now WHERE id = :job";

enum err records_job_begin(struct vault *v, const char *by, uint64_t now_ms, int64_t *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_job_begin);
    bind_str(s, ":by", by);
    bind_u64(s, ":now", now_ms);
    enum err e = stmt_row(s, &row);
    if (!e)
        *out = col_i64(s, 0);
    return e;
}

enum err records_job_file(struct vault *v, int64_t job, uint64_t number, const char *outcome,
                          int64_t stream, const char *reason)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_job_file);
    bind_i64(s, ":job", job);
    bind_u64(s, ":number", number);
    bind_str(s, ":outcome", outcome);
    if (stream == 0)
        bind_null(s, ":stream");
    else
        bind_i64(s, ":stream", stream);
    bind_str(s, ":reason", reason);
    return stmt_run(s);
}

enum err records_job_end(struct vault *v, int64_t job, uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_job_end);
    bind_i64(s, ":job", job);
    bind_u64(s, ":now", now_ms);
    return stmt_run(s);
}

static const char sql_time[] = "UPDATE stream SET time = :time WHERE id = :id";

enum err records_set_time(struct vault *v, int64_t stream, const char *time)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_time);
    bind_str(s, ":time", time);
    bind_i64(s, ":id", stream);
    return stmt_run(s);
}
