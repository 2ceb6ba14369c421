/* cloister-audit over the logs of two sides, honest and not: the table of log-and-security.md 4, each attacker with all the
 * keys of its side, signing anew whatever it can. */
#include "support/check.h"
#include "support/linkaudit.h"

#include <stdio.h>
#include <sys/stat.h>

static struct linklogs w;

/* --- honest --- */

static void a_settled_pair_passes_alone_and_together(void **state)
{
    (void)state;
    talk(&w, 20, true, false);
    const char *node = copy(&w, NODE);
    const char *coord = copy(&w, COORD);
    CHECK_INT(verify_of(node), 0);
    CHECK_INT(verify_of(coord), 0);
    CLEANUP(answer_fini) struct answer a = cross_of(node, coord);
    CHECK_STR(a.out, "");
    wants(&a, 0, NULL);
    linklogs_end(&w);
}

static void at_no_moment_of_a_talk_are_honest_logs_accused(void **state)
{
    (void)state;
    talk(&w, 0, false, false);
    for (unsigned i = 0; i < 40; i++) {
        if (i % 2 == 0)
            (void)linklogs_say(&w, (int)(i / 2 % 2), i);
        linklogs_move(&w, 1 + i % 2);
        if (i % 11 == 10)
            linklogs_restart(&w, (int)(i % 2));
        if (i % 11 == 10 || i % 7 == 6)
            linklogs_connect(&w);
        const char *node = copy(&w, NODE);
        const char *coord = copy(&w, COORD);
        CLEANUP(answer_fini) struct answer a = cross_of(node, coord);
        if (a.exit != 0 && a.exit != 4)
            print_error("moment %u: exit %d\n%s", i, a.exit, a.out);
        CHECK(a.exit == 0 || a.exit == 4);
        int alone = verify_of(node);
        CHECK(alone == 0 || alone == 4);
        alone = verify_of(coord);
        CHECK(alone == 0 || alone == 4);
    }
    linklogs_end(&w);
}

static void a_message_on_its_way_is_pending_until_it_is_old_enough(void **state)
{
    (void)state;
    talk(&w, 4, true, true);
    const char *node = copy(&w, NODE);
    const char *coord = copy(&w, COORD);
    CLEANUP(answer_fini) struct answer a = cross_of(node, coord);
    wants(&a, 4, "PENDING");
    struct cross_options o = {.node = node,
                              .coord = coord,
                              .policy = path("policy"),
                              .keys = path("keys"),
                              .max_pending_age = "9000000000"};
    CLEANUP(answer_fini) struct answer b = crossed(o);
    wants(&b, 0, NULL);
    o.max_pending_age = "1"; /* said in 2025 */
    CLEANUP(answer_fini) struct answer c = crossed(o);
    wants(&c, 4, "PENDING");
    o.max_pending_age = "x";
    CLEANUP(answer_fini) struct answer d = crossed(o);
    wants(&d, 2, NULL);
    linklogs_end(&w);
}

static void a_side_that_is_absent_leaves_it_incomplete(void **state)
{
    (void)state;
    talk(&w, 2, true, false);
    const char *node = copy(&w, NODE);
    CLEANUP(answer_fini) struct answer a = cross_of(node, path("nowhere"));
    wants(&a, 4, "ABSENT");
    CLEANUP(answer_fini) struct answer b = cross_of(path("nowhere"), path("nowhere"));
    wants(&b, 3, "E_READ");
    CLEANUP(answer_fini) struct answer c = cross_of(node, node);
    wants(&c, 2, NULL);
    linklogs_end(&w);
}

/* --- the attacks --- */

struct attack {
    const char *what;
    int who; /* the attacker */
    void (*change)(struct logedit *l, const struct logedit_key *msg,
                   const struct logedit_key *peer);
    bool mend; /* seq, prev and seen of its own messages as well */
    int exit;
    const char *code;
};

static void delete_out(struct logedit *l, const struct logedit_key *msg,
                       const struct logedit_key *peer)
{
    (void)msg;
    (void)peer;
    logedit_remove(l, logedit_find(l, ENTRY_OUT, 3), 1);
}

static void delete_in(struct logedit *l, const struct logedit_key *msg,
                      const struct logedit_key *peer)
{
    (void)msg;
    (void)peer;
    logedit_remove(l, logedit_find(l, ENTRY_IN, 3), 1);
}

static void truncate_tail(struct logedit *l, const struct logedit_key *msg,
                          const struct logedit_key *peer)
{
    (void)msg;
    (void)peer;
    size_t at = logedit_find(l, ENTRY_OUT, 7);
    logedit_remove(l, at, l->n - at);
}

static void swap_two(struct logedit *l, const struct logedit_key *msg,
                     const struct logedit_key *peer)
{
    (void)msg;
    (void)peer;
    logedit_swap(l, logedit_find(l, ENTRY_OUT, 3), logedit_find(l, ENTRY_OUT, 4));
}

static void swap_across(struct logedit *l, const struct logedit_key *msg,
                        const struct logedit_key *peer)
{
    (void)msg;
    (void)peer;
    size_t at = logedit_find(l, ENTRY_IN, 3);
    logedit_swap(l, at, at + 1);
}

static void rewrite_out(struct logedit *l, const struct logedit_key *msg,
                        const struct logedit_key *peer)
{
    (void)peer;
    logedit_resay(l, logedit_find(l, ENTRY_OUT, 3), msg);
}

/* What came in, changed; the forger has no key of its sender and signs with its own. */
static void alter_in(struct logedit *l, const struct logedit_key *msg,
                     const struct logedit_key *peer)
{
    struct logedit_key own = *msg;
    CHECK_OK(vkey_make(bytes_str(peer->key.name), VKEY_ED25519, note_public(own.seed), &own.key));
    logedit_resay(l, logedit_find(l, ENTRY_IN, 3), &own);
}

static void play(const struct attack *a)
{
    const char *honest[] = {copy(&w, NODE), copy(&w, COORD)};
    const struct linkend *e = &w.ends[a->who];
    const struct link_config *k = &e->config.link;
    struct logedit_key log = thief(e->log_seed, &k->own.log);
    struct logedit_key msg = thief(e->msg_seed, &k->own.msg);
    struct logedit_key peer = {.key = k->peer.msg};
    static struct logedit l;
    const char *forged = fresh("forged");
    logedit_load(&l, honest[a->who], forged);
    a->change(&l, &msg, &peer);
    logedit_mend(&l, a->mend ? &msg : NULL);
    logedit_save(&l, &log);
    logedit_fini(&l);
    const char *pair[] = {honest[NODE], honest[COORD]};
    pair[a->who] = forged;
    const char *kept = fresh("evidence");
    CHECK_INT(mkdir(kept, 0755), 0);
    CLEANUP(answer_fini)
    struct answer got = crossed((struct cross_options){.node = pair[NODE],
                                                       .coord = pair[COORD],
                                                       .policy = path("policy"),
                                                       .keys = path("keys"),
                                                       .evidence = kept});
    if (got.exit != a->exit || !says(&got, a->code))
        print_error("%s:\n", a->what);
    wants(&got, a->exit, a->code);
    CHECK_INT(check_evidence(kept) > 0, a->exit == 6);
    CLEANUP(answer_fini) struct answer again = cross_of(pair[NODE], pair[COORD]);
    CHECK_STR(got.out, again.out);
}

static void every_forger_with_all_keys_of_its_side_is_caught(void **state)
{
    (void)state;
    static const struct attack attacks[] = {
        {"deletes what it sent", NODE, delete_out, false, 6, "HIDDEN_BY_NODE"},
        {"deletes what it sent, mends the rest", NODE, delete_out, true, 6, "EQUIVOCATION"},
        {"deletes what came in", NODE, delete_in, false, 6, "HIDDEN_BY_NODE"},
        {"deletes what came in, mends the rest", NODE, delete_in, true, 6, "EQUIVOCATION"},
        {"cuts its tail", NODE, truncate_tail, false, 5, "TRUNCATED"},
        {"swaps two of its messages", NODE, swap_two, false, 6, "REORDERED"},
        {"swaps across directions", NODE, swap_across, false, 6, "FORK"},
        {"says something else", NODE, rewrite_out, false, 6, "EQUIVOCATION"},
        {"says something else, mends the rest", NODE, rewrite_out, true, 6, "EQUIVOCATION"},
        {"changes what came in", NODE, alter_in, false, 6, "ALTERED"},
        {"hides what it sent", COORD, delete_out, false, 6, "HIDDEN_BY_COORD"},
        {"hides what came in", COORD, delete_in, false, 6, "HIDDEN_BY_COORD"},
        {"hides what came in, mends the rest", COORD, delete_in, true, 6, "EQUIVOCATION"},
        {"cuts its tail", COORD, truncate_tail, false, 5, "TRUNCATED"},
        {"changes what came in", COORD, alter_in, false, 6, "ALTERED"},
        {"swaps two of its messages", COORD, swap_two, false, 6, "REORDERED"},
        {"says something else", COORD, rewrite_out, false, 6, "EQUIVOCATION"},
    };
    talk(&w, 12, true, false);
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++)
        play(&attacks[i]);
    linklogs_end(&w);
}

static void writing_a_log_anew_without_a_change_accuses_nobody(void **state)
{
    (void)state;
    talk(&w, 6, true, false);
    const char *coord = copy(&w, COORD);
    const struct linkend *e = &w.ends[NODE];
    struct logedit_key log = thief(e->log_seed, &e->config.link.own.log);
    static struct logedit l;
    const char *same = fresh("same");
    logedit_load(&l, copy(&w, NODE), same);
    logedit_mend(&l, NULL);
    logedit_save(&l, &log);
    logedit_fini(&l);
    CLEANUP(answer_fini) struct answer a = cross_of(same, coord);
    wants(&a, 4, "QUORUM"); /* the cosignatures stood on what cp/ held */
    linklogs_end(&w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_settled_pair_passes_alone_and_together),
        CASE(at_no_moment_of_a_talk_are_honest_logs_accused),
        CASE(a_message_on_its_way_is_pending_until_it_is_old_enough),
        CASE(a_side_that_is_absent_leaves_it_incomplete),
        CASE(every_forger_with_all_keys_of_its_side_is_caught),
        CASE(writing_a_log_anew_without_a_change_accuses_nobody),
    };
    return RUN(cases, argc, argv);
}
