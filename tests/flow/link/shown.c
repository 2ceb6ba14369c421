/* What two sites were shown: logs of two talks, held against each other by cloister-audit diff; and its evidence, alone. */
#include "diff.h"
#include "documents.h"
#include "evidence.h"
#include "support/check.h"
#include "support/linkaudit.h"
#include "support/worked_example.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#define FED "river.example/league"
enum { NORTH = 31, HARBOUR = 41, LEAD = 51, OTHER_LEAD = 52, GOVERNOR = 61 }; /* first seeds */

/* --- a roster over the seeds of the talks --- */

static json_t *vector(const char *name)
{
    char file[600];
    CLEANUP(buf_fini) struct buf b;
    (void)snprintf(file, sizeof file, "%s/valid/%s.json", tests_dir("vectors/contract"), name);
    slurp(file, &b);
    json_t *j = json_loadb((const char *)b.p, b.n, 0, NULL);
    CHECK(j != NULL);
    return j;
}

static void set_key(json_t *object, const char *member, const char *name, uint8_t seed,
                    enum vkey_type type)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(1024);
    struct vkey k = example_key(seed, name, type);
    CHECK_OK(vkey_put(&k, &b));
    CHECK_INT(json_object_set_new(object, member, json_stringn((const char *)b.p, b.n)), 0);
}

static void set_party(json_t *party, const char *id, uint8_t seed)
{
    char name[200];
    (void)snprintf(name, sizeof name, FED "/%s", id);
    set_key(party, "log", name, seed, VKEY_ED25519);
    (void)snprintf(name, sizeof name, FED "/%s/msg", id);
    set_key(party, "msg", name, (uint8_t)(seed + 1), VKEY_ED25519);
    (void)snprintf(name, sizeof name, FED "/%s/witness", id);
    set_key(party, "witness", name, (uint8_t)(seed + 2), VKEY_COSIGNATURE);
}

static struct vkey governor(unsigned i)
{
    static const char *const names[] = {"board.example/gov", FED "/harbour/gov", FED "/north/gov"};
    return example_key((uint8_t)(GOVERNOR + i), names[i], VKEY_ED25519);
}

static json_t *our_roster(void)
{
    json_t *j = vector("roster");
    json_t *sites = json_object_get(j, "sites");
    json_t *governors = json_object_get(j, "governors");
    set_party(json_object_get(j, "coordinator"), "relay", 11);
    set_party(json_array_get(sites, 0), "north", NORTH);
    set_party(json_array_get(sites, 1), "harbour", HARBOUR);
    set_key(json_array_get(sites, 0), "lead", FED "/north/lead", LEAD, VKEY_ED25519);
    for (unsigned i = 0; i < 3; i++) {
        CLEANUP(buf_fini) struct buf b = BUF_INIT(1024);
        struct vkey k = governor(i);
        CHECK_OK(vkey_put(&k, &b));
        CHECK_INT(json_array_set_new(governors, i, json_stringn((const char *)b.p, b.n)), 0);
    }
    return j;
}

/* The note of a document; its first signer makes it. Ended by the caller. */
static void sign(enum document_kind kind, const json_t *j, struct vkey key, uint8_t seed,
                 struct buf *note)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1 << 20);
    buf_init(note, 1 << 20);
    CHECK_OK(document_note_put(kind, j, &text));
    CHECK_OK(note_make(buf_bytes(&text), &key, example_seed(seed).b, note));
}

static void cosign(enum document_kind kind, const json_t *j, unsigned by, struct buf *note)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1 << 20);
    struct vkey key = governor(by);
    CHECK_OK(document_note_put(kind, j, &text));
    CHECK_OK(note_sign(buf_bytes(&text), &key, example_seed((uint8_t)(GOVERNOR + by)).b, note));
}

/* Version `n` of a guideline under this title, by the lead. */
static void guideline(const char *title, json_int_t n, uint8_t seed, struct buf *note)
{
    AUTO_JSON j = vector("guideline");
    struct vkey lead = example_key(seed, FED "/north/lead", VKEY_ED25519);
    static const char before[] =
        "sha256:2222222222222222222222222222222222222222222222222222222222222222";
    CHECK_INT(json_object_set_new(j, "title", json_pack("{s:s}", "en", title)), 0);
    CHECK_INT(json_object_set_new(j, "version", json_integer(n)), 0);
    CHECK_INT(json_object_set_new(j, "supersedes", n == 1 ? json_null() : json_string(before)), 0);
    sign(DOCUMENT_GUIDELINE, j, lead, seed, note);
}

static void roster_note(const char *name, unsigned signers, struct buf *note)
{
    AUTO_JSON j = our_roster();
    if (name != NULL)
        CHECK_INT(json_object_set_new(json_array_get(json_object_get(j, "sites"), 1), "name",
                                      json_string(name)),
                  0);
    sign(DOCUMENT_ROSTER, j, governor(0), GOVERNOR, note);
    for (unsigned i = 1; i < signers; i++)
        cosign(DOCUMENT_ROSTER, j, i, note);
}

/* --- two talks --- */

/* One pair for all cases: it knows which folders are taken. */
static struct talks {
    struct linklogs north, harbour;
} talks;

static void begin(struct talks *t)
{
    CLEANUP(buf_fini) struct buf note;
    roster_note(NULL, 2, &note);
    example_put(scratch_dir(), "roster", buf_bytes(&note));
    linklogs_begin_as(&t->north, FED "/north", FED "/relay/north", FED "/relay", NORTH);
    if (t->harbour.run == 0)
        t->harbour.run = 500;
    linklogs_begin_as(&t->harbour, FED "/harbour", FED "/relay/harbour", FED "/relay", HARBOUR);
    linklogs_connect(&t->north);
    linklogs_connect(&t->harbour);
    linklogs_move(&t->north, 6);
    linklogs_move(&t->harbour, 6);
}

static void end(struct talks *t)
{
    linklogs_end(&t->north);
    linklogs_end(&t->harbour);
}

static struct answer run_diff(struct diff_options o)
{
    struct answer a = {0};
    size_t n = 0;
    size_t m = 0;
    FILE *out = open_memstream(&a.out, &n);
    FILE *log = open_memstream(&a.log, &m);
    o.rosters = (struct paths){{path("roster")}, 1};
    a.exit = (int)diff(&o, out, log);
    (void)fclose(out);
    (void)fclose(log);
    return a;
}

static struct answer settled_diff(struct talks *t, const char *folder, bool strict)
{
    linklogs_settle(&t->north);
    linklogs_settle(&t->harbour);
    return run_diff((struct diff_options){.log = {copy(&t->north, NODE), copy(&t->harbour, NODE)},
                                          .evidence = folder,
                                          .strict = strict});
}

static void show_both(struct talks *t, const char *kind, const struct buf *a, const struct buf *b)
{
    if (a != NULL)
        linklogs_show(&t->north, kind, buf_bytes(a));
    if (b != NULL)
        linklogs_show(&t->harbour, kind, buf_bytes(b));
}

/* --- cases --- */

static void sites_that_were_shown_the_same_have_nothing_to_say(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf one;
    CLEANUP(buf_fini) struct buf two;
    CLEANUP(buf_fini) struct buf three;
    begin(&talks);
    guideline("One", 1, LEAD, &one);
    roster_note(NULL, 2, &two);
    roster_note(NULL, 3, &three); /* the same text under a signature more */
    show_both(&talks, "guideline", &one, &one);
    show_both(&talks, "roster", &two, &three);
    struct answer a = settled_diff(&talks, NULL, true);
    wants(&a, 0, NULL);
    CHECK_STR(a.out, "");
    CHECK(strstr(a.log, "2 documents were shown to both alike") != NULL);
    answer_fini(&a);
    end(&talks);
}

static void what_one_site_has_or_too_few_have_signed_is_noted(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf one;
    CLEANUP(buf_fini) struct buf later;
    CLEANUP(buf_fini) struct buf stranger;
    CLEANUP(buf_fini) struct buf proposal;
    begin(&talks);
    guideline("One", 1, LEAD, &one);
    guideline("Two", 2, LEAD, &later);
    guideline("A stranger's", 1, OTHER_LEAD, &stranger);
    roster_note("Another name", 1, &proposal);
    show_both(&talks, "guideline", &one, &one);
    show_both(&talks, "guideline", &later, &stranger);
    show_both(&talks, "roster", NULL, &proposal);
    struct answer a = settled_diff(&talks, NULL, false);
    wants(&a, 0, "NOTE_ALONE");
    wants(&a, 0, "NOTE_UNSIGNED");
    CHECK(strstr(a.out, "fewer governors have signed it") != NULL);
    CHECK(strstr(a.out, "no lead of the roster has signed it") != NULL);
    answer_fini(&a);
    a = settled_diff(&talks, NULL, true);
    wants(&a, 4, "NOTE_ALONE");
    answer_fini(&a);
    end(&talks);
}

/* What the judge says of these bytes, which may be no evidence at all. */
static bool proves(struct bytes text)
{
    CLEANUP(rosters_fini) struct rosters r = {.n = 0};
    CLEANUP(buf_fini) struct buf words = BUF_INIT(8192);
    AUTO_MEM char *said = NULL;
    const char *why = NULL;
    size_t n = 0;
    struct evidence e;
    struct paths p = {{path("roster")}, 1};
    FILE *log = open_memstream(&said, &n);
    CHECK_INT(rosters_read(&p, &r, log), EXIT_VALID);
    (void)fclose(log);
    return evidence_parse(text, &e) == OK && e.kind == EVIDENCE_DOCUMENTS &&
           documents_judge(e.first, e.second, &r, &words, &why) == OK;
}

static void only_file(const char *folder, struct buf *out)
{
    char name[600] = "";
    DIR *d = opendir(folder);
    CHECK(d != NULL);
    unsigned n = 0;
    for (const struct dirent *x = NULL; (x = readdir(d)) != NULL;) {
        if (x->d_name[0] == '.')
            continue;
        n++;
        (void)snprintf(name, sizeof name, "%s/%s", folder, x->d_name);
    }
    (void)closedir(d);
    CHECK_INT(n, 1);
    slurp(name, out);
}

/* Two frames out of the evidence, in other company. */
static void bent_pairs_prove_nothing(struct bytes text)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(EVIDENCE_BYTES);
    struct evidence e;
    CHECK_OK(evidence_parse(text, &e));
    struct evidence same = {.kind = e.kind, .first = e.first, .second = e.first};
    CHECK_OK(evidence_put(&same, &b));
    CHECK(!proves(buf_bytes(&b)));
    buf_clear(&b);
    struct evidence turned = {.kind = e.kind, .first = e.second, .second = e.first};
    CHECK_OK(evidence_put(&turned, &b));
    CHECK(proves(buf_bytes(&b)));
    buf_clear(&b);
    struct evidence notes = {.kind = EVIDENCE_MESSAGES, .first = e.first, .second = e.second};
    CHECK_OK(evidence_put(&notes, &b));
    CHECK(!proves(buf_bytes(&b)));
}

static void contradicts(const char *kind, const struct buf *one, const struct buf *other)
{
    CLEANUP(buf_fini) struct buf file;
    const char *folder = fresh("evidence");
    CHECK_INT(mkdir(folder, 0755), 0);
    begin(&talks);
    show_both(&talks, kind, one, other);
    struct answer a = settled_diff(&talks, folder, false);
    wants(&a, 6, "EQUIVOCATION");
    only_file(folder, &file);
    CHECK(proves(buf_bytes(&file)));
    bent_pairs_prove_nothing(buf_bytes(&file));
    for (size_t i = 0; i < file.n; i += 5) {
        file.p[i] ^= (uint8_t)(1u << (i % 7));
        CHECK(!proves(buf_bytes(&file)));
        file.p[i] ^= (uint8_t)(1u << (i % 7));
    }
    for (size_t n = 0; n < file.n; n += 97)
        CHECK(!proves(bytes_of(file.p, n)));
    answer_fini(&a);
    end(&talks);
}

static void two_guidelines_of_one_version_are_evidence(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf one;
    CLEANUP(buf_fini) struct buf other;
    guideline("One", 1, LEAD, &one);
    guideline("Other", 1, LEAD, &other);
    contradicts("guideline", &one, &other);
}

static void two_rosters_that_enough_have_signed_are_evidence(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf one;
    CLEANUP(buf_fini) struct buf other;
    roster_note(NULL, 2, &one);
    roster_note("Another name", 2, &other);
    contradicts("roster", &one, &other);
}

static void two_versions_or_a_strangers_text_are_none(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf one;
    CLEANUP(buf_fini) struct buf two;
    CLEANUP(buf_fini) struct buf stranger;
    const char *folder = fresh("evidence");
    CHECK_INT(mkdir(folder, 0755), 0);
    begin(&talks);
    guideline("One", 1, LEAD, &one);
    guideline("One", 2, LEAD, &two);
    guideline("Other", 1, OTHER_LEAD, &stranger);
    show_both(&talks, "guideline", &one, &two);
    show_both(&talks, "guideline", NULL, &stranger);
    struct answer a = settled_diff(&talks, folder, false);
    wants(&a, 0, "NOTE_ALONE");
    CHECK(!says(&a, "EQUIVOCATION"));
    CHECK_INT(check_evidence(folder), 0);
    answer_fini(&a);
    end(&talks);
}

/* A node that wants to accuse the coordinator has no key of it. */
static void a_message_that_a_node_made_up_accuses_nobody(void **state)
{
    (void)state;
    static struct logedit l;
    CLEANUP(buf_fini) struct buf one;
    begin(&talks);
    guideline("One", 1, LEAD, &one);
    show_both(&talks, "guideline", &one, &one);
    linklogs_settle(&talks.north);
    linklogs_settle(&talks.harbour);
    const struct linkend *n = &talks.north.ends[NODE];
    struct logedit_key log = thief(n->log_seed, &n->config.link.own.log);
    struct logedit_key forged = thief(n->msg_seed, &n->config.link.peer.msg);
    struct vkey named;
    CHECK_OK(vkey_make(bytes_str(n->config.link.peer.msg.name), VKEY_ED25519,
                       note_public(forged.seed), &named));
    forged.key = named;
    const char *folder = fresh("forged");
    logedit_load(&l, copy(&talks.north, NODE), folder);
    logedit_resay(&l, logedit_find(&l, ENTRY_IN, 0), &forged);
    logedit_save(&l, &log);
    struct answer a = run_diff((struct diff_options){.log = {folder, copy(&talks.harbour, NODE)}});
    CHECK(a.exit == 1 || a.exit == 5);
    CHECK(says(&a, "E_MSG_SIG") && !says(&a, "EQUIVOCATION"));
    answer_fini(&a);
    logedit_fini(&l);
    end(&talks);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(sites_that_were_shown_the_same_have_nothing_to_say),
        CASE(what_one_site_has_or_too_few_have_signed_is_noted),
        CASE(two_guidelines_of_one_version_are_evidence),
        CASE(two_rosters_that_enough_have_signed_are_evidence),
        CASE(two_versions_or_a_strangers_text_are_none),
        CASE(a_message_that_a_node_made_up_accuses_nobody),
    };
    return RUN(cases, argc, argv);
}
