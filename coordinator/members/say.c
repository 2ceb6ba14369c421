/* say.c - what a site is still to be told: documents in force, then what governors may sign, then what others decided, then
 * pieces of pictures. Each row
 * gets the number of its message before the message is logged (log-and-security.md 3.10). */
#include "coordinator/documents.h"
#include "coordinator/members/relay.h"

#include <stdio.h>

static enum err say_document(struct member *m, uint64_t now_ms, bool *said)
{
    struct store *s = m->relay->app->store;
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)DOCUMENT_NOTE_MAX);
    struct outbox_row row;
    enum err e = store_outbox_next(s, m->party.id, said, &row, &note);
    if (e || !*said)
        return e;
    struct body b = {.kind = BODY_DOCUMENT, .document = {bytes_str(row.kind), buf_bytes(&note)}};
    e = store_outbox_sending(s, row.id, linkdrv_next_seq(m->drv));
    return e ? e : linkdrv_send(m->drv, &b, now_ms);
}

static enum err say_proposal(struct member *m, uint64_t now_ms, bool *said)
{
    struct store *s = m->relay->app->store;
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)DOCUMENT_NOTE_MAX);
    char kind[STORE_WORD];
    struct hash hash;
    enum err e = store_proposal_next(s, m->party.id, said, &hash, kind, &note);
    if (e || !*said)
        return e;
    struct body b = {.kind = BODY_DOCUMENT, .document = {bytes_str(kind), buf_bytes(&note)}};
    e = store_proposal_carried(s, m->party.id, hash, linkdrv_next_seq(m->drv));
    return e ? e : linkdrv_send(m->drv, &b, now_ms);
}

static enum err say_reply(struct member *m, uint64_t now_ms, bool *said)
{
    struct store *s = m->relay->app->store;
    CLEANUP(buf_fini) struct buf mem = BUF_INIT((size_t)2 * BODY_ORIGINAL_MAX);
    struct body b = {.kind = BODY_CAMPAIGN_REPLY};
    struct reply_told key;
    enum err e = store_reply_next(s, m->party.id, said, &key, &b.campaign_reply, &mem);
    if (e || !*said)
        return e;
    e = store_reply_telling(s, &key, linkdrv_next_seq(m->drv));
    return e ? e : linkdrv_send(m->drv, &b, now_ms);
}

static enum err say_piece(struct member *m, uint64_t now_ms, bool *said)
{
    struct store *s = m->relay->app->store;
    CLEANUP(buf_fini) struct buf data = BUF_INIT((size_t)BODY_CHUNK_MAX);
    struct body b = {.kind = BODY_BLOB_CHUNK};
    enum err e =
        store_wanted_next(s, m->party.id, said, &b.blob_chunk.digest, &b.blob_chunk.offset, &data);
    if (e || !*said)
        return e;
    b.blob_chunk.data = buf_bytes(&data);
    e = store_wanted_sending(s, m->party.id, b.blob_chunk.digest, linkdrv_next_seq(m->drv));
    return e ? e : linkdrv_send(m->drv, &b, now_ms);
}

enum err member_say(struct member *m, uint64_t now_ms)
{
    enum err e = OK;
    while (!e && m->more && linkdrv_can_send(m->drv)) {
        bool said = false;
        e = say_document(m, now_ms, &said);
        if (!e && !said)
            e = say_proposal(m, now_ms, &said);
        if (!e && !said)
            e = say_reply(m, now_ms, &said);
        if (!e && !said)
            e = say_piece(m, now_ms, &said);
        m->more = e || said;
    }
    return e;
}
