/* cloister-audit over the logs of two sides when somebody changed files without the keys, or made up what nobody can know:
 * one damaged file is one fault, never a contradiction. */
#include "base/hex.h"
#include "core/tlog/tile.h"
#include "support/check.h"
#include "support/linkaudit.h"
#include "support/worked_example.h"

#include <stdio.h>

static struct linklogs w;
static const char *node, *coord;

static void begin_talk(void)
{
    talk(&w, 6, true, false);
    node = copy(&w, NODE);
    coord = copy(&w, COORD);
}

static void flip(const char *dir, const char *name, size_t at)
{
    CLEANUP(buf_fini) struct buf b;
    char file[600];
    (void)snprintf(file, sizeof file, "%s/%s", dir, name);
    slurp(file, &b);
    b.p[at < b.n ? at : b.n / 2] ^= 1;
    (void)unlink(file);
    example_put(dir, name, buf_bytes(&b));
}

/* The frame of the first data message that came in. */
static void frame_of(const char *dir, char out[128])
{
    static struct logedit l;
    struct entry e;
    struct msgnote m;
    logedit_load(&l, dir, fresh("looked"));
    CHECK(logedit_entry(&l, logedit_find(&l, ENTRY_IN, 0), &e, &m));
    struct hash_text h = hash_hex(e.frame);
    (void)snprintf(out, 128, "frame/%.2s/%s", h.s, h.s);
    logedit_fini(&l);
}

static void a_damaged_frame_is_one_fault_and_no_hidden_message(void **state)
{
    (void)state;
    char frame[128];
    begin_talk();
    frame_of(coord, frame);
    flip(coord, frame, 600);
    CLEANUP(answer_fini) struct answer a = cross_of(node, coord);
    wants(&a, 1, "E_FRAME_HASH");
    CHECK(strchr(a.out, '\n') == strrchr(a.out, '\n')); /* and nothing else */
    linklogs_end(&w);
}

static void an_edited_checkpoint_is_not_a_log_any_more(void **state)
{
    (void)state;
    begin_talk();
    flip(node, "checkpoint", 20);
    CLEANUP(answer_fini) struct answer a = cross_of(node, coord);
    wants(&a, 1, "E_CP_SIG");
    CHECK_INT(verify_of(node), 1);
    linklogs_end(&w);
}

static void an_edited_bundle_is_found_and_nobody_else_accused(void **state)
{
    (void)state;
    char name[TILE_PATH];
    struct tile t;
    begin_talk();
    CHECK(tile_at(TILE_ENTRIES, 0, logstore_size(w.ends[NODE].log), &t));
    flip(node, tile_path(t, name), 5000);
    CLEANUP(answer_fini) struct answer a = cross_of(node, coord);
    wants(&a, 1, "E_ROOT");
    CHECK(!says(&a, "FORK") && !says(&a, "TRUNCATED") && !says(&a, "HIDDEN_BY_COORD"));
    linklogs_end(&w);
}

static void a_missing_bundle_hides_no_message(void **state)
{
    (void)state;
    char file[600];
    char name[TILE_PATH];
    struct tile t;
    begin_talk();
    CHECK(tile_at(TILE_ENTRIES, 0, logstore_size(w.ends[COORD].log), &t));
    (void)snprintf(file, sizeof file, "%s/%s", coord, tile_path(t, name));
    CHECK_INT(unlink(file), 0);
    CLEANUP(answer_fini) struct answer a = cross_of(node, coord);
    wants(&a, 1, "E_TILE");
    CHECK(!says(&a, "HIDDEN_BY_COORD") && !says(&a, "TRUNCATED"));
    linklogs_end(&w);
}

/* An entry of the coordinator's, with a message signed by its own message key whoever it says it is from. */
static void made_up(enum entry_kind kind, const char *dir)
{
    static struct logedit l;
    const struct linkend *e = &w.ends[COORD];
    const struct link_config *k = &e->config.link;
    struct logedit_key log = thief(e->log_seed, &k->own.log);
    struct logedit_key by = thief(e->msg_seed, &k->own.msg);
    if (kind == ENTRY_IN)
        CHECK_OK(
            vkey_make(bytes_str(k->peer.msg.name), VKEY_ED25519, note_public(by.seed), &by.key));
    logedit_load(&l, coord, dir);
    logedit_repeat(&l, kind, &by);
    logedit_mend(&l, NULL);
    logedit_save(&l, &log);
    logedit_fini(&l);
}

static void a_message_that_the_coordinator_makes_up_has_no_signature(void **state)
{
    (void)state;
    begin_talk();
    const char *forged = fresh("forged");
    made_up(ENTRY_IN, forged);
    CLEANUP(answer_fini) struct answer a = cross_of(node, forged);
    wants(&a, 1, "E_MSG_SIG");
    CHECK(!says(&a, "HIDDEN_BY_NODE"));
    linklogs_end(&w);
}

static void a_message_logged_and_never_sent_is_only_pending(void **state)
{
    (void)state;
    begin_talk();
    const char *forged = fresh("forged");
    made_up(ENTRY_OUT, forged);
    CLEANUP(answer_fini) struct answer a = cross_of(node, forged);
    wants(&a, 4, "PENDING");
    linklogs_end(&w);
}

static void clocks_that_are_far_apart_are_a_warning(void **state)
{
    (void)state;
    static struct logedit l;
    begin_talk();
    const struct linkend *e = &w.ends[COORD];
    struct logedit_key log = thief(e->log_seed, &e->config.link.own.log);
    const char *early = fresh("early");
    logedit_load(&l, coord, early);
    logedit_shift(&l, -301000);
    logedit_save(&l, &log);
    logedit_fini(&l);
    /* Its checkpoints show the other times: a fork, beside the warning. */
    CLEANUP(answer_fini) struct answer a = cross_of(node, early);
    wants(&a, 6, "NOTE_SKEW");
    linklogs_end(&w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_damaged_frame_is_one_fault_and_no_hidden_message),
        CASE(an_edited_checkpoint_is_not_a_log_any_more),
        CASE(an_edited_bundle_is_found_and_nobody_else_accused),
        CASE(a_missing_bundle_hides_no_message),
        CASE(a_message_that_the_coordinator_makes_up_has_no_signature),
        CASE(a_message_logged_and_never_sent_is_only_pending),
        CASE(clocks_that_are_far_apart_are_a_warning),
    };
    return RUN(cases, argc, argv);
}
