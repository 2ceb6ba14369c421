/* Tests of cloister-audit verify, in this process: the worked example of log-and-security.md 2.6, then every single change
 * that an attacker with the files but without the keys could make. */
#include "verify.h"

#include "base/hex.h"
#include "core/identity/note.h"
#include "core/tlog/bundle.h"
#include "core/tlog/checkpoint.h"
#include "support/check.h"
#include "support/worked_example.h"

#include <stdio.h>
#include <sys/stat.h>

static struct example x;
static char policy[256], keys[256];
static unsigned counter;

struct answer {
    int exit;
    char *out, *log;
};

static void answer_fini(struct answer *a)
{
    free(a->out);
    free(a->log);
}

static struct answer run(struct verify_options o)
{
    struct answer a = {0};
    size_t n = 0;
    size_t m = 0;
    FILE *out = open_memstream(&a.out, &n);
    FILE *log = open_memstream(&a.log, &m);
    a.exit = (int)verify(&o, out, log);
    (void)fclose(out);
    (void)fclose(log);
    return a;
}

static struct answer run_log(const char *dir)
{
    return run((struct verify_options){.log = dir, .policy = policy, .keys = keys});
}

static bool says(const struct answer *a, const char *code)
{
    char want[64];
    (void)snprintf(want, sizeof want, "{\"code\":\"%s\"", code);
    return strstr(a->out, want) != NULL;
}

static bool names(const struct answer *a, unsigned index)
{
    char want[64];
    (void)snprintf(want, sizeof want, "\"index\":%u,", index);
    return strstr(a->out, want) != NULL;
}

static void wants(const char *dir, int exit, const char *code)
{
    CLEANUP(answer_fini) struct answer a = run_log(dir);
    if (a.exit != exit || (code != NULL && !says(&a, code)))
        print_error("exit %d, wanted %d with %s:\n%s%s", a.exit, exit, code, a.out, a.log);
    CHECK_INT(a.exit, exit);
    CHECK(code == NULL || says(&a, code));
}

/* A fresh folder with the site's log. */
static const char *site(void)
{
    static char dir[256];
    (void)snprintf(dir, sizeof dir, "%s/site%u", scratch_dir(), counter++);
    CHECK_INT(mkdir(dir, 0755), 0);
    example_write_site(&x, dir);
    return dir;
}

static const char *below(const char *dir, const char *name)
{
    static char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void the_worked_example_verifies(void **state)
{
    (void)state;
    CLEANUP(answer_fini) struct answer a = run_log(site());
    /* Its bodies are byte vectors (5.1.15): noted, and nothing else. */
    CHECK_STR(a.out, "{\"code\":\"NOTE_BODY\",\"index\":0,\"log\":\"fed.example/ward7/site-a\","
                     "\"text\":\"entry 0: its body is none that this tool can read\"}\n"
                     "{\"code\":\"NOTE_BODY\",\"index\":1,\"log\":\"fed.example/ward7/site-a\","
                     "\"text\":\"entry 1: its body is none that this tool can read\"}\n");
    CHECK_INT(a.exit, 0);
}

static void the_coordinators_log_was_never_cosigned_so_it_is_incomplete(void **state)
{
    (void)state;
    char dir[256];
    (void)snprintf(dir, sizeof dir, "%s/coord", scratch_dir());
    CHECK_INT(mkdir(dir, 0755), 0);
    example_write_coordinator(&x, dir);
    wants(dir, 4, "QUORUM");
}

/* Flips one bit in turn of every byte of the file and asks for the verdict each time. first_entry: so many bytes of the file
 * are entry 0's, 0 = it is no file of entries. */
static void every_flip(const char *name, size_t first_entry)
{
    const char *dir = site();
    CLEANUP(buf_fini) struct buf b;
    slurp(below(dir, name), &b);
    for (size_t i = 0; i < b.n; i++) {
        b.p[i] ^= (uint8_t)(1U << i % 8);
        example_put(dir, name, buf_bytes(&b));
        b.p[i] ^= (uint8_t)(1U << i % 8);
        CLEANUP(answer_fini) struct answer a = run_log(dir);
        CHECK(a.exit == 1 || (first_entry == 0 && (a.exit == 4 || a.exit == 3)));
        if (first_entry > 0)
            CHECK(names(&a, i < first_entry ? 0 : 1));
    }
}

static void every_changed_byte_of_an_entry_bundle_is_found_and_its_entry_named(void **state)
{
    (void)state;
    every_flip("tile/entries/000.p/2", 2 + x.entry[0].n);
}

static void every_changed_byte_of_tile_frame_and_checkpoint_is_found(void **state)
{
    (void)state;
    char frame[128];
    every_flip("tile/0/000.p/2", 32);
    every_flip("checkpoint", 0);
    (void)snprintf(frame, sizeof frame,
                   "frame/78/7866b2e821280bab4d5a1c26d6af27c91ae53ec76d23ac6b0ec6dbb364ec28df");
    const char *dir = site();
    CLEANUP(buf_fini) struct buf b;
    slurp(below(dir, frame), &b);
    for (size_t i = 0; i < b.n; i += 3) {
        b.p[i] ^= 4;
        example_put(dir, frame, buf_bytes(&b));
        b.p[i] ^= 4;
        CLEANUP(answer_fini) struct answer a = run_log(dir);
        CHECK_INT(a.exit, 1);
        CHECK(says(&a, "E_FRAME_HASH") && names(&a, 0));
    }
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int exit;
        const char *code;
    } cases[] = {
        {"checkpoint", 3, "E_READ"},
        {"tile/entries/000.p/2", 1, "E_TILE"},
        {"tile/0/000.p/2", 1, "E_TILE"},
        {"frame/78/7866b2e821280bab4d5a1c26d6af27c91ae53ec76d23ac6b0ec6dbb364ec28df", 1,
         "E_FRAME_MISSING"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *dir = site();
        CHECK_INT(unlink(below(dir, cases[i].name)), 0);
        wants(dir, cases[i].exit, cases[i].code);
    }
}

static void what_does_not_belong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes;
        int exit;
        const char *code;
    } cases[] = {
        {"tile/0/001", "x", 1, "E_TILE"},
        {"tile/0/000.p/3", "x", 1, "E_TILE"},
        {"tile/0/000.p/1", "x", 1, "E_TILE"}, /* smaller, but not the beginning */
        {"tile/1/000.p/1", "x", 1, "E_TILE"},
        {"tile/odd", "x", 1, "E_TILE"},
        {"tile/entries/000", "x", 1, "E_TILE"},
        {"cp/x", "x", 1, "E_LAYOUT"},
        {"cp/01", "x", 1, "E_LAYOUT"},
        {"cp/1", "x", 1, "E_CP_SIG"},
        {"peer/00/1", "x", 1, "E_LAYOUT"},
        {"frame/zz/1", "x", 1, "E_LAYOUT"},
        {"frame/78/1", "x", 1, "E_LAYOUT"},
        {"frame/00/00000000000000000000000000000000000000000000000000000000000000ff", "x", 1,
         "E_FRAME_HASH"},
        {"state/journal", "x", 0, NULL},
        {"anything", "x", 0, NULL},
        /* a frame that a crash left behind: printf x | sha256sum */
        {"frame/2d/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", "x", 0,
         "NOTE_FRAME"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *dir = site();
        example_put(dir, cases[i].name, bytes_str(cases[i].bytes));
        wants(dir, cases[i].exit, cases[i].code);
    }
}

static void a_superseded_partial_is_only_noted_unless_strict(void **state)
{
    (void)state;
    const char *dir = site();
    CLEANUP(buf_fini) struct buf b = BUF_INIT(BUNDLE_MAX);
    CHECK_OK(bundle_put(&b, buf_bytes(&x.entry[0])));
    example_put(dir, "tile/entries/000.p/1", buf_bytes(&b));
    wants(dir, 0, "NOTE_PARTIAL");
    CLEANUP(answer_fini)
    struct answer a =
        run((struct verify_options){.log = dir, .policy = policy, .keys = keys, .strict = true});
    CHECK_INT(a.exit, 4);
}

static void links_and_special_files_are_not_followed(void **state)
{
    (void)state;
    const char *dir = site();
    char to[512];
    (void)snprintf(to, sizeof to, "%s/checkpoint.real", dir);
    CHECK_INT(rename(below(dir, "checkpoint"), to), 0);
    CHECK_INT(symlink("checkpoint.real", below(dir, "checkpoint")), 0);
    wants(dir, 3, "E_LINK");
    dir = site();
    CHECK_INT(unlink(below(dir, "checkpoint")), 0);
    CHECK_INT(mkfifo(below(dir, "checkpoint"), 0600), 0);
    wants(dir, 3, "E_READ");
    dir = site();
    (void)snprintf(to, sizeof to, "%s/tile.real", dir);
    CHECK_INT(rename(below(dir, "tile"), to), 0);
    CHECK_INT(symlink("tile.real", below(dir, "tile")), 0);
    wants(dir, 1, "E_LINK");
}

/* A checkpoint of the site's log key over anything. */
static void put_checkpoint(const char *dir, const char *name, uint64_t size, struct hash root)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1024);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(1024);
    struct checkpoint c = {.size = size, .root = root};
    memcpy(c.origin, x.log_key.name, sizeof c.origin);
    CHECK_OK(checkpoint_put(&c, &text));
    CHECK_OK(note_make(buf_bytes(&text), &x.log_key, example_seed(1).b, &note));
    example_put(dir, name, buf_bytes(&note));
}

static void an_older_checkpoint_binds_the_log(void **state)
{
    (void)state;
    const char *dir = site();
    struct hash first = tree_leaf_hash(buf_bytes(&x.entry[0]));
    put_checkpoint(dir, "cp/1", 1, first);
    wants(dir, 0, NULL);
    put_checkpoint(dir, "cp/2", 2, first);
    wants(dir, 6, "FORK");
    CHECK_INT(unlink(below(dir, "cp/2")), 0);
    put_checkpoint(dir, "cp/3", 3, first);
    wants(dir, 5, "TRUNCATED");
}

static void a_log_whose_own_root_falls_is_not_called_a_fork(void **state)
{
    (void)state;
    const char *dir = site();
    put_checkpoint(dir, "cp/1", 1, x.root);
    CLEANUP(buf_fini) struct buf b;
    slurp(below(dir, "tile/entries/000.p/2"), &b);
    b.p[60] ^= 1;
    example_put(dir, "tile/entries/000.p/2", buf_bytes(&b));
    wants(dir, 1, "E_ROOT");
}

static struct answer pinned(const char *dir, const char *pin)
{
    return run((struct verify_options){.log = dir, .policy = policy, .keys = keys, .pin = pin});
}

static void a_pin_of_the_last_audit_is_kept_or_broken(void **state)
{
    (void)state;
    static const struct {
        const char *pin;
        int exit;
    } cases[] = {
        {"1:76ff2f8d6b569911ce3fb2f9b34f216e73128d77b47a366a40b4e1bb54aae5fa", 0},
        {"2:0949f3399d5fddc43389f3ca622e6dfc6ce5e4d54fd657f696cc4960cf9868fd", 0},
        {"0:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0},
        {"1:0949f3399d5fddc43389f3ca622e6dfc6ce5e4d54fd657f696cc4960cf9868fd", 6},
        {"3:0949f3399d5fddc43389f3ca622e6dfc6ce5e4d54fd657f696cc4960cf9868fd", 5},
        {"2:0949F3399D5FDDC43389F3CA622E6DFC6CE5E4D54FD657F696CC4960CF9868FD", 2},
        {"02:0949f3399d5fddc43389f3ca622e6dfc6ce5e4d54fd657f696cc4960cf9868fd", 2},
        {"2", 2},
        {"2:", 2},
    };
    const char *dir = site();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CLEANUP(answer_fini) struct answer a = pinned(dir, cases[i].pin);
        CHECK_INT(a.exit, cases[i].exit);
    }
}

static void the_checkpoint_of_the_last_audit_is_kept_or_broken(void **state)
{
    (void)state;
    const char *dir = site();
    const char *last = scratch_dir();
    char file[300];
    struct verify_options o = {.log = dir, .policy = policy, .keys = keys, .since = file};
    struct hash first = tree_leaf_hash(buf_bytes(&x.entry[0]));
    const struct {
        uint64_t size;
        struct hash root;
        int exit;
    } cases[] = {{1, first, 0}, {2, x.root, 0}, {1, x.root, 6}, {3, x.root, 5}};
    (void)snprintf(file, sizeof file, "%s/last", last);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        put_checkpoint(last, "last", cases[i].size, cases[i].root);
        CLEANUP(answer_fini) struct answer a = run(o);
        CHECK_INT(a.exit, cases[i].exit);
    }
    CLEANUP(buf_fini) struct buf b;
    slurp(file, &b);
    b.p[b.n - 10] ^= 1;
    example_put(last, "last", buf_bytes(&b));
    CLEANUP(answer_fini) struct answer changed = run(o);
    CHECK_INT(changed.exit, 2);
    /* The other side's is of another log. */
    char coord[256];
    (void)snprintf(coord, sizeof coord, "%s/coordinator", last);
    CHECK_INT(mkdir(coord, 0755), 0);
    example_write_coordinator(&x, coord);
    (void)snprintf(file, sizeof file, "%s/checkpoint", coord);
    CLEANUP(answer_fini) struct answer theirs = run(o);
    CHECK_INT(theirs.exit, 2);
    CHECK(strstr(theirs.log, "another log") != NULL);
    (void)snprintf(file, sizeof file, "%s/none", last);
    CLEANUP(answer_fini) struct answer none = run(o);
    CHECK_INT(none.exit, 2);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
    (void)state;
    const char *dir = site();
    example_put(dir, "cp/x", bytes_str("x"));
    example_put(dir, "tile/0/000.p/1", bytes_str("x"));
    CHECK_INT(unlink(below(dir, "tile/0/000.p/2")), 0);
    CLEANUP(answer_fini) struct answer a = run_log(dir);
    CLEANUP(answer_fini) struct answer b = run_log(dir);
    CHECK_STR(a.out, b.out);
    CHECK_STR(a.log, b.log);
    CHECK(strchr(a.out, '\n') != strrchr(a.out, '\n'));
}

static void usage_faults_are_two(void **state)
{
    (void)state;
    const char *dir = site();
    char other[256];
    CLEANUP(answer_fini) struct answer a = run((struct verify_options){.log = dir});
    CHECK_INT(a.exit, 2);
    CLEANUP(answer_fini)
    struct answer b = run((struct verify_options){.log = dir, .policy = policy});
    CHECK_INT(b.exit, 2); /* an exchange log wants keys */
    (void)snprintf(other, sizeof other, "%s/one.policy", scratch_dir());
    example_put(scratch_dir(), "one.policy",
                bytes_str("log fed.example/ward7/site-a+4c6fb5fc+"
                          "AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c\nquorum none\n"));
    CLEANUP(answer_fini)
    struct answer c = run((struct verify_options){.log = dir, .policy = other, .keys = keys});
    CHECK_INT(c.exit, 2);
    CLEANUP(answer_fini)
    struct answer d = run((struct verify_options){.log = dir, .policy = "/none", .keys = keys});
    CHECK_INT(d.exit, 2);
    CLEANUP(answer_fini)
    struct answer e = run((struct verify_options){.log = "/none", .policy = policy, .keys = keys});
    CHECK_INT(e.exit, 3);
}

int main(int argc, char **argv)
{
    example_init(&x);
    (void)snprintf(policy, sizeof policy, "%s/policy", scratch_dir());
    (void)snprintf(keys, sizeof keys, "%s/keys", scratch_dir());
    example_write_policy(&x, policy);
    example_write_keys(&x, keys);
    const struct CMUnitTest cases[] = {
        CASE(the_worked_example_verifies),
        CASE(the_coordinators_log_was_never_cosigned_so_it_is_incomplete),
        CASE(every_changed_byte_of_an_entry_bundle_is_found_and_its_entry_named),
        CASE(every_changed_byte_of_tile_frame_and_checkpoint_is_found),
        CASE(what_is_missing_is_named),
        CASE(what_does_not_belong_is_named),
        CASE(a_superseded_partial_is_only_noted_unless_strict),
        CASE(links_and_special_files_are_not_followed),
        CASE(an_older_checkpoint_binds_the_log),
        CASE(a_log_whose_own_root_falls_is_not_called_a_fork),
        CASE(a_pin_of_the_last_audit_is_kept_or_broken),
        CASE(the_checkpoint_of_the_last_audit_is_kept_or_broken),
        CASE(the_same_input_gives_the_same_bytes),
        CASE(usage_faults_are_two),
    };
    int status = RUN(cases, argc, argv);
    example_fini(&x);
    return status;
}
