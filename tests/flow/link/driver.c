/* host/linkdrv over logs on files: what two daemons would leave on disk, judged by the auditor's own program. */
#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/wire/frame.h"
#include "core/wire/msgnote.h"
#include "evidence.h"
#include "host/lognote.h"
#include "io/files.h"
#include "support/check.h"
#include "support/linklogs.h"
#include "verify.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

static struct linklogs w;

static int begin(void **state)
{
    (void)state;
    linklogs_begin(&w);
    return 0;
}

static int end(void **state)
{
    (void)state;
    linklogs_end(&w);
    return 0;
}

/* --- the auditor --- */

static int audit(int who, char *said, size_t size)
{
    char paths[3][300];
    char name[32];
    char *out = NULL;
    size_t n = 0;
    (void)snprintf(name, sizeof name, "copy%d-%u", who, w.run);
    linklogs_copy(&w, who, name);
    linklogs_policy(&w, "policy");
    linklogs_keys(&w, "keys");
    (void)snprintf(paths[0], sizeof paths[0], "%s/%s", scratch_dir(), name);
    (void)snprintf(paths[1], sizeof paths[1], "%s/policy", scratch_dir());
    (void)snprintf(paths[2], sizeof paths[2], "%s/keys", scratch_dir());
    FILE *to = open_memstream(&out, &n);
    FILE *log = fopen("/dev/null", "w");
    struct verify_options o = {.log = paths[0], .policy = paths[1], .keys = paths[2]};
    int code = (int)verify(&o, to, log);
    (void)fclose(to);
    (void)fclose(log);
    (void)snprintf(said, size, "%s", out);
    free(out);
    return code;
}

static void check_audit(void)
{
    char said[2000];
    for (int i = 0; i < 2; i++) {
        int code = audit(i, said, sizeof said);
        CHECK_STR(said, "");
        CHECK_INT(code, 0);
    }
}

static void both_logs_verify_after_a_settled_talk(void **state)
{
    (void)state;
    linklogs_connect(&w);
    linklogs_move(&w, 6);
    for (unsigned i = 1; i <= 20; i++) {
        CHECK(linklogs_say(&w, NODE, i));
        CHECK(linklogs_say(&w, COORD, i));
        linklogs_move(&w, 6);
    }
    linklogs_settle(&w);
    CHECK_INT(w.ends[COORD].applied, 20);
    CHECK_INT(w.ends[NODE].applied, 20);
    check_audit();
}

static void a_daemon_that_starts_anew_goes_on_where_it_was(void **state)
{
    (void)state;
    unsigned said = 0;
    linklogs_connect(&w);
    linklogs_move(&w, 4);
    for (unsigned i = 0; i < 12; i++) {
        said += linklogs_say(&w, NODE, i + 1) ? 1 : 0;
        linklogs_move(&w, i % 3);
        linklogs_restart(&w, (int)(i % 2));
        linklogs_connect(&w);
        linklogs_move(&w, 6);
    }
    linklogs_settle(&w);
    CHECK(said > 6);
    CHECK(w.ends[COORD].applied > 6 && w.ends[COORD].applied <= said);
    check_audit();
}

static void an_airlock_that_takes_no_more_is_asked_again(void **state)
{
    (void)state;
    linklogs_connect(&w);
    linklogs_move(&w, 6);
    w.ends[NODE].blocked = true;
    CHECK(linklogs_say(&w, NODE, 1));
    linklogs_move(&w, 4);
    CHECK_INT(w.ends[COORD].applied, 0);
    w.ends[NODE].blocked = false;
    linkdrv_room(w.ends[NODE].drv);
    linklogs_move(&w, 4);
    CHECK_INT(w.ends[COORD].applied, 1);
    linklogs_settle(&w);
    check_audit();
}

static void a_megabyte_travels_in_one_message(void **state)
{
    (void)state;
    static uint8_t data[BODY_CHUNK_MAX];
    struct body b = {.kind = BODY_BLOB_CHUNK, .blob_chunk = {.data = bytes_of(data, sizeof data)}};
    memset(b.blob_chunk.digest.b, 7, sizeof b.blob_chunk.digest.b);
    linklogs_connect(&w);
    linklogs_move(&w, 6);
    CHECK_OK(linkdrv_send(w.ends[COORD].drv, &b, w.now_ms));
    linklogs_settle(&w);
    CHECK_INT(w.ends[NODE].applied, 1);
    check_audit();
}

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

static void clocks_an_hour_apart_hold_nothing_up(void **state)
{
    (void)state;
    for (int ahead = 0; ahead < 2; ahead++) {
        unsigned applied[2] = {(unsigned)w.ends[0].applied, (unsigned)w.ends[1].applied};
        w.ends[ahead].ahead_ms = HOUR_MS;
        w.ends[1 - ahead].ahead_ms = 0; /* and so one of them was set back between the two rounds */
        linklogs_connect(&w);
        linklogs_move(&w, 6);
        CHECK(linklogs_say(&w, NODE, 1));
        CHECK(linklogs_say(&w, COORD, 1));
        linklogs_move(&w, 6);
        CHECK_INT(w.ends[COORD].applied, applied[COORD] + 1);
        CHECK_INT(w.ends[NODE].applied, applied[NODE] + 1);
        linklogs_settle(&w);
    }
    check_audit();
}

static void a_clock_set_back_in_the_middle_puts_no_answer_off(void **state)
{
    (void)state;
    linklogs_connect(&w);
    linklogs_move(&w, 6);
    linklogs_settle(&w);
    uint64_t before = link_acknowledged(linkdrv_link(w.ends[COORD].drv));
    CHECK(linklogs_say(&w, COORD, 1));
    linklogs_move(&w, 2); /* it is logged there, and its answer is due in a while */
    CHECK_INT(w.ends[NODE].applied, 1);
    CHECK_INT(link_acknowledged(linkdrv_link(w.ends[COORD].drv)), before);
    w.now_ms -= HOUR_MS;
    linklogs_move(&w, 10); /* 600 ms */
    CHECK(link_acknowledged(linkdrv_link(w.ends[COORD].drv)) > before);
    linklogs_settle(&w);
    check_audit();
}

/* A receipt needs a signed checkpoint, and one is signed every 200 ms: a fast peer says more than can be owed until then. */
static void a_thousand_messages_a_second_are_all_receipted(void **state)
{
    (void)state;
    unsigned said[2] = {0};
    linklogs_connect(&w);
    linklogs_move(&w, 6);
    for (unsigned round = 0; round < 200; round++) {
        /* First both, then one alone: who says nothing himself acknowledges with a receipt. */
        for (int who = round < 100 ? NODE : COORD; who <= COORD; who++)
            while (linklogs_say(&w, who, 1))
                said[who]++;
        linklogs_move(&w, 1);
        w.now_ms -= 59;
        CHECK(!w.ends[NODE].closed && !w.ends[COORD].closed);
    }
    CHECK(said[NODE] > 150 && said[COORD] > 300);
    linklogs_settle(&w);
    CHECK_INT(w.ends[NODE].applied, said[COORD]);
    CHECK_INT(w.ends[COORD].applied, said[NODE]);
    check_audit();
}

/* The log has room, what acts on it has none: nobody but the clock may be there to try again. */
static void what_cannot_be_applied_is_tried_again_though_nothing_else_happens(void **state)
{
    (void)state;
    struct linkend *n = &w.ends[NODE];
    linklogs_connect(&w);
    linklogs_move(&w, 6);
    linklogs_settle(&w);
    CHECK(linklogs_say(&w, COORD, 1));
    CHECK_OK(linkdrv_turn(w.ends[COORD].drv, w.now_ms));
    CHECK_INT(w.ends[COORD].n_out, 1);
    n->full = true;
    linkdrv_frame(n->drv, buf_bytes(&w.ends[COORD].out[0]), w.now_ms);
    CHECK_INT(linkdrv_turn(n->drv, w.now_ms), ERR_FULL);
    for (unsigned i = 0; i < 60; i++) {
        uint64_t due = linkdrv_due_ms(n->drv, w.now_ms);
        CHECK(due <= 1000);
        w.now_ms += due;
        (void)!linkdrv_turn(n->drv, w.now_ms);
    }
    CHECK_INT(n->applied, 0);
    n->full = false;
    w.now_ms += linkdrv_due_ms(n->drv, w.now_ms);
    CHECK_OK(linkdrv_turn(n->drv, w.now_ms));
    CHECK_INT(n->applied, 1);
}

static void a_day_without_the_other_side_writes_nothing_and_then_it_goes_on(void **state)
{
    (void)state;
    linklogs_connect(&w);
    linklogs_move(&w, 6);
    linklogs_settle(&w);
    struct linkend *n = &w.ends[NODE];
    linkdrv_disconnected(n->drv);
    linkdrv_disconnected(w.ends[COORD].drv);
    CHECK_OK(linkdrv_turn(n->drv, w.now_ms));
    uint64_t size = logstore_size(n->log);
    unsigned turns = 0;
    for (uint64_t until = w.now_ms + DAY_MS; w.now_ms < until; turns++) {
        uint64_t due = linkdrv_due_ms(n->drv, w.now_ms);
        w.now_ms += due < HOUR_MS ? due + 1 : HOUR_MS;
        CHECK_OK(linkdrv_turn(n->drv, w.now_ms));
        CHECK(!linklogs_say(&w, NODE, 1)); /* it waits in the vault, not in the log */
    }
    CHECK(turns < 100); /* nor does it keep a processor busy */
    CHECK_INT(logstore_size(n->log), size);
    linklogs_connect(&w);
    linklogs_move(&w, 6);
    CHECK(linklogs_say(&w, NODE, 1));
    linklogs_settle(&w);
    CHECK_INT(w.ends[COORD].applied, 1);
    check_audit();
}

static void no_checkpoint_is_signed_before_the_first_hello(void **state)
{
    (void)state;
    CHECK_INT(logstore_checkpoint(w.ends[NODE].log).size, 0);
    linkdrv_connected(w.ends[NODE].drv, w.now_ms);
    for (int i = 0; i < 10; i++) {
        w.now_ms += 300;
        CHECK_OK(linkdrv_turn(w.ends[NODE].drv, w.now_ms));
    }
    CHECK(logstore_size(w.ends[NODE].log) > 0);
    CHECK_INT(logstore_checkpoint(w.ends[NODE].log).size, 0);
}

static uint64_t locals_in(struct logstore *log)
{
    uint64_t n = 0;
    for (uint64_t i = 0; i < logstore_size(log); i++) {
        struct logstore_item item;
        CHECK_OK(logstore_get(log, i, &item));
        n += item.entry.kind == ENTRY_LOCAL;
    }
    return n;
}

static void what_happens_often_is_noted_once_a_minute_and_counted(void **state)
{
    (void)state;
    struct lognote notes = {0};
    struct linkend *node = &w.ends[NODE];
    linklogs_connect(&w);
    linklogs_move(&w, 6);
    for (int i = 0; i < 1000; i++)
        lognote_connection(&notes, node->drv, LOGNOTE_REFUSED, 400, w.now_ms);
    lognote_connection(&notes, node->drv, LOGNOTE_DOWN, 0, w.now_ms);
    linklogs_move(&w, 2);
    CHECK_INT(locals_in(node->log), 2);
    CHECK_INT(notes.of[LOGNOTE_REFUSED].n, 999);
    w.now_ms += LOGNOTE_MS;
    lognote_turn(&notes, node->drv, w.now_ms);
    linklogs_move(&w, 2);
    CHECK_INT(locals_in(node->log), 3);
    CHECK(linklogs_say(&w, NODE, 1));
    linklogs_settle(&w);
    check_audit();
}

/* The frame again, with another body under the same number, signed by the same key. */
static void sign_another(struct bytes frame, const struct linkend *signer, struct buf *out)
{
    CLEANUP(arena_fini) struct arena a;
    CLEANUP(buf_fini) struct buf body = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(4096);
    struct body other = {.kind = BODY_DOCUMENT,
                         .document = {bytes_str("roster"), bytes_str("another\n")}};
    struct frame f;
    struct note n;
    struct msgnote m;
    arena_init(&a, 1 << 20);
    CHECK_OK(frame_read(frame, &a, &f));
    CHECK_OK(note_parse(f.note, &n));
    CHECK_OK(msgnote_parse(n.text, &m));
    CHECK_OK(body_put(&other, &body));
    m.body_size = body.n;
    m.body = sha256_of(buf_bytes(&body));
    CHECK_OK(msgnote_put(&m, &text));
    CHECK_OK(note_make(buf_bytes(&text), &signer->config.link.own.msg,
                       secret_borrow(signer->msg_seed), &note));
    secret_give_back(signer->msg_seed);
    CHECK_OK(frame_put(&(struct frame){buf_bytes(&note), buf_bytes(&body)}, out));
}

static void what_was_signed_twice_is_a_file_that_the_auditor_confirms(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf honest = BUF_INIT(FRAME_MAX);
    CLEANUP(buf_fini) struct buf other = BUF_INIT(FRAME_MAX);
    CLEANUP(buf_fini) struct buf file = BUF_INIT(EVIDENCE_BYTES);
    char path[300];
    char keys[300];
    struct linkend *liar = &w.ends[COORD];
    linklogs_connect(&w);
    linklogs_move(&w, 6);
    CHECK(linklogs_say(&w, COORD, 1));
    linklogs_move(&w, 1);
    CHECK(liar->n_out > 0);
    CHECK_OK(buf_put(&honest, buf_bytes(&liar->out[liar->n_out - 1])));
    linklogs_move(&w, 4);
    sign_another(buf_bytes(&honest), liar, &other);
    linkdrv_frame(w.ends[NODE].drv, buf_bytes(&other), w.now_ms);
    CHECK_INT(link_state(linkdrv_link(w.ends[NODE].drv)), LINK_STOPPED);
    CHECK_OK(linkdrv_evidence_put(w.ends[NODE].drv, &file));
    (void)snprintf(path, sizeof path, "%s/evidence-%u", scratch_dir(), w.run);
    (void)snprintf(keys, sizeof keys, "%s/keys", scratch_dir());
    CHECK_OK(file_create(AT_FDCWD, path, buf_bytes(&file), 0600));
    linklogs_keys(&w, "keys");
    FILE *nowhere = fopen("/dev/null", "w");
    struct evidence_options o = {.file = path, .keys = keys};
    CHECK_INT(evidence(&o, nowhere, nowhere), EXIT_EVIDENCE);
    (void)fclose(nowhere);
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        FRESH(both_logs_verify_after_a_settled_talk),
        FRESH(a_daemon_that_starts_anew_goes_on_where_it_was),
        FRESH(an_airlock_that_takes_no_more_is_asked_again),
        FRESH(a_megabyte_travels_in_one_message),
        FRESH(what_happens_often_is_noted_once_a_minute_and_counted),
        FRESH(what_was_signed_twice_is_a_file_that_the_auditor_confirms),
        FRESH(clocks_an_hour_apart_hold_nothing_up),
        FRESH(a_clock_set_back_in_the_middle_puts_no_answer_off),
        FRESH(a_thousand_messages_a_second_are_all_receipted),
        FRESH(what_cannot_be_applied_is_tried_again_though_nothing_else_happens),
        FRESH(a_day_without_the_other_side_writes_nothing_and_then_it_goes_on),
        FRESH(no_checkpoint_is_signed_before_the_first_hello),
    };
    return RUN(cases, argc, argv);
}
