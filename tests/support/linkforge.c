#include "support/linkforge.h"

#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/wire/frame.h"
#include "support/check.h"

void forge_talk(struct pair *p, unsigned n)
{
    pair_connect(p);
    for (unsigned i = 0; i < n; i++) {
        pair_settle(p);
        CHECK(pair_send(p, NODE));
        pair_turn(p, NODE);
        CHECK(pair_send(p, COORD));
        pair_turn(p, COORD);
    }
    pair_settle(p);
}

struct forged forge_next(struct pair *p, int from)
{
    static char doc[] = "forged\n";
    struct side *s = &p->s[from];
    struct side *to = &p->s[1 - from];
    struct forged f = {
        .body = {.kind = BODY_DOCUMENT, .document = {bytes_str("roster"), bytes_str(doc)}},
        .key = &s->config.own.msg,
        .seed = s->msg_seed};
    f.note.from = bytes_str(s->config.own.log.name);
    f.note.to = bytes_str(to->config.own.log.name);
    f.note.seq = link_received(to->link);
    f.note.seen = link_acknowledged(s->link) > 0 ? link_received(s->link) : 0;
    f.note.type = bytes_str("document");
    for (uint64_t i = s->log.durable; i > 0; i--) {
        struct entry e;
        struct note n;
        struct msgnote m;
        CHECK_OK(entry_parse(memlog_text(&s->log, i - 1), &e));
        if (e.kind != ENTRY_OUT || note_parse(e.note, &n) || msgnote_parse(n.text, &m) ||
            bytes_eq(m.type, bytes_str("hello")))
            continue;
        f.note.prev = sha256_of(n.text);
        memcpy(f.note.session, m.session, sizeof m.session);
        break;
    }
    return f;
}

void forge_hand_over(struct pair *p, int to, const struct forged *f)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(BODY_MAX);
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(FRAME_MAX);
    static const uint8_t nonce[LINK_NONCE] = {9};
    struct msgnote m = f->note;
    if (f->raw != NULL)
        CHECK_OK(buf_puts(&body, f->raw));
    else
        CHECK_OK(body_put(&f->body, &body));
    m.body_size = body.n;
    m.body = sha256_of(buf_bytes(&body));
    CHECK_OK(msgnote_put(&m, &text));
    CHECK_OK(note_make(buf_bytes(&text), f->key, secret_borrow(f->seed), &note));
    secret_give_back(f->seed);
    CHECK_OK(frame_put(&(struct frame){buf_bytes(&note), buf_bytes(&body)}, &frame));
    CHECK_OK(link_take(p->s[to].link, buf_bytes(&frame), p->now_ms, nonce));
    pair_turn(p, to);
}
