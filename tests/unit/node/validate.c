/* Tests of `cloister-node validate`: api.md 1, and every row of the contract's tables. */
#include "node/validate.h"
#include "core/json/json.h"
#include "support/check.h"
#include "support/patch.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sysexits.h>

/* The command's exit code; what it printed goes to out, what it complained of is dropped. */
static int run(char *const *words, struct buf *out)
{
    char *argv[16] = {0};
    char path[200];
    int argc = 0;
    (void)snprintf(path, sizeof path, "%s/out", scratch_dir());
    for (; words[argc] != NULL; argc++)
        argv[argc] = words[argc];
    (void)fflush(stdout);
    (void)fflush(stderr);
    AUTO_FD int was_out = dup(STDOUT_FILENO);
    AUTO_FD int was_err = dup(STDERR_FILENO);
    AUTO_FD int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    AUTO_FD int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    CHECK(dup2(file, STDOUT_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0);
    int code = cmd_validate(argc, argv);
    (void)fflush(stdout);
    (void)fflush(stderr);
    CHECK(dup2(was_out, STDOUT_FILENO) >= 0 && dup2(was_err, STDERR_FILENO) >= 0);
    slurp(path, out);
    return code;
}

static char *path_of(const char *folder, const char *file)
{
    char *path = NULL;
    char below[300];
    (void)snprintf(below, sizeof below, "vectors/contract/%s/%s", folder, file);
    path = strdup(tests_dir(below));
    CHECK(path != NULL);
    return path;
}

/* One row of an INDEX.tsv: file, kind, schema, streams, hash or pointer, warnings or reason. */
struct row {
    char *cell[6];
};

static json_t *verdict_of(const char *folder, const struct row *r, int *code)
{
    char kind[] = "--kind";
    char json[] = "--json";
    char on_word[] = "--on";
    char streams_word[] = "--streams";
    char name[] = "validate";
    char *words[12] = {name, kind, r->cell[1], json};
    size_t n = 4;
    AUTO_MEM char *on = r->cell[2][0] == '\0' ? NULL : path_of(folder, r->cell[2]);
    AUTO_MEM char *streams = r->cell[3][0] == '\0' ? NULL : path_of(folder, r->cell[3]);
    AUTO_MEM char *file = path_of(folder, r->cell[0]);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(0);
    if (on != NULL) {
        words[n++] = on_word;
        words[n++] = on;
    }
    if (streams != NULL) {
        words[n++] = streams_word;
        words[n++] = streams;
    }
    words[n] = file;
    *code = run(words, &out);
    json_t *v = json_loadb((const char *)out.p, out.n, JSON_DISABLE_EOF_CHECK, NULL);
    if (v == NULL)
        print_error("%s: no verdict\n", file);
    CHECK(v != NULL);
    return v;
}

static void check_valid(const struct row *r)
{
    int code = 0;
    CLEANUP(buf_fini) struct buf warnings = BUF_INIT(1000);
    AUTO_JSON v = verdict_of("valid", r, &code);
    const json_t *ids = json_object_get(v, "warnings");
    for (size_t i = 0; i < json_array_size(ids); i++)
        (void)buf_printf(&warnings, "%s%s", i == 0 ? "" : " ",
                         json_string_value(json_array_get(ids, i)));
    if (!json_is_true(json_object_get(v, "ok")))
        print_error("%s: %s %s\n", r->cell[0], json_string_value(json_object_get(v, "pointer")),
                    json_string_value(json_object_get(v, "reason")));
    CHECK_INT(code, EX_OK);
    CHECK_STR(json_string_value(json_object_get(v, "hash")), r->cell[4]);
    CHECK_STR(buf_cstr(&warnings), r->cell[5]);
}

static void check_invalid(const struct row *r)
{
    int code = 0;
    AUTO_JSON v = verdict_of("invalid", r, &code);
    const char *pointer = json_string_value(json_object_get(v, "pointer"));
    if (pointer == NULL || strcmp(pointer, r->cell[4]) != 0)
        print_error("%s (%s)\n", r->cell[0], r->cell[5]);
    CHECK_INT(code, EX_DATAERR);
    CHECK(json_is_false(json_object_get(v, "ok")));
    CHECK_STR(pointer, r->cell[4]);
    CHECK(json_string_value(json_object_get(v, "reason"))[0] != '\0');
}

/* Splits at tabs, in place; missing cells are empty. */
static struct row split(char *line)
{
    static char empty[] = "";
    struct row r = {{empty, empty, empty, empty, empty, empty}};
    for (size_t i = 0; i < 6 && line != NULL; i++) {
        r.cell[i] = line;
        line = strchr(line, '\t');
        if (line != NULL)
            *line++ = '\0';
    }
    return r;
}

static size_t for_each_row(const char *table, void (*check)(const struct row *r))
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(0);
    size_t n = 0;
    slurp(tests_dir(table), &text);
    CHECK(buf_cstr(&text) != NULL);
    char *line = (char *)text.p;
    for (size_t i = 0; line != NULL && *line != '\0'; i++) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        if (i > 0) {
            struct row r = split(line);
            check(&r);
            n++;
        }
        line = end == NULL ? NULL : end + 1;
    }
    return n;
}

static void every_valid_document_has_its_hash_and_warnings(void **state)
{
    (void)state;
    CHECK(for_each_row("vectors/contract/valid/INDEX.tsv", check_valid) >= 16);
}

static void every_invalid_document_is_refused_at_its_pointer(void **state)
{
    (void)state;
    CHECK(for_each_row("vectors/contract/invalid/INDEX.tsv", check_invalid) >= 80);
}

static void every_expression_is_worth_what_the_table_says(void **state)
{
    (void)state;
    char name[] = "validate";
    char option[] = "--expressions";
    AUTO_MEM char *table = path_of(".", "expressions.tsv");
    char *words[] = {name, option, table, NULL};
    CLEANUP(buf_fini) struct buf out = BUF_INIT(0);
    CLEANUP(buf_fini) struct buf text = BUF_INIT(0);
    CHECK_INT(run(words, &out), EX_OK);
    slurp(table, &text);
    CHECK(buf_cstr(&text) != NULL && buf_cstr(&out) != NULL);
    char *row = strchr((char *)text.p, '\n') + 1;
    char *got = (char *)out.p;
    size_t n = 0;
    for (; *row != '\0'; n++) {
        char *end = strchr(row, '\n');
        char *got_end = strchr(got, '\n');
        CHECK(end != NULL && got_end != NULL);
        *end = '\0';
        *got_end = '\0';
        if (strcmp(strrchr(row, '\t') + 1, got) != 0)
            print_error("%.*s: got %s\n", (int)strcspn(row, "\t"), row, got);
        CHECK_STR(strrchr(row, '\t') + 1, got);
        row = end + 1;
        got = got_end + 1;
    }
    CHECK(n >= 80 && *got == '\0');
}

static int run_words(const char *const *words, struct buf *out)
{
    char *argv[12] = {0};
    char name[] = "validate";
    argv[0] = name;
    for (size_t i = 0; words[i] != NULL; i++)
        argv[i + 1] = strdup(words[i]);
    int code = run(argv, out);
    for (size_t i = 1; argv[i] != NULL; i++)
        free(argv[i]);
    return code;
}

static void verdicts_are_lines_of_text(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf out = BUF_INIT(0);
    AUTO_MEM char *good = path_of("valid", "schema-minimal.json");
    AUTO_MEM char *bad = path_of("invalid", "schema-unknown-label.json");
    const char *words[] = {"--kind", "schema", good, bad, NULL};
    CLEANUP(buf_fini) struct buf want = BUF_INIT(2000);
    CHECK_INT(run_words(words, &out), EX_DATAERR);
    (void)buf_printf(
        &want,
        "%s: ok sha256:a5b276af2a432c8db4a313e2ea233ebf1532e1c3aeab0410934139afb7d45e4e\n"
        "%s: /tasks/0/labels/1: device is not among the labels\n",
        good, bad);
    CHECK_BYTES(buf_bytes(&out), buf_bytes(&want));
}

static void the_exit_code_says_what_is_wrong(void **state)
{
    (void)state;
    AUTO_MEM char *good = path_of("valid", "schema-minimal.json");
    AUTO_MEM char *bad = path_of("invalid", "schema-unknown-label.json");
    const struct {
        const char *words[8];
        int code;
    } calls[] = {
        {{"--kind", "schema", good}, EX_OK},
        {{"--kind", "schema", bad}, EX_DATAERR},
        {{"--kind", "schema", good, "/nowhere/at/all.json"}, EX_NOINPUT},
        {{"--kind", "annotation", "--on", "/nowhere.json", good}, EX_NOINPUT},
        {{"--kind", "annotation", "--on", bad, good}, EX_DATAERR},
        {{"--kind", "schema", "/tmp"}, EX_NOINPUT},
        {{"--kind", "line", good}, EX_USAGE},
        {{"--kind", "stream", good}, EX_USAGE},
        {{"--kind", "schema"}, EX_USAGE},
        {{good}, EX_USAGE},
        {{"--kind", "request", "--on", good, good}, EX_USAGE},
        {{"--kind", "schema", "--streams", good, good}, EX_USAGE},
        {{"--kind", "schema", "--loud", good}, EX_USAGE},
        {{"--kind"}, EX_USAGE},
        {{"--expressions", "/nowhere.tsv"}, EX_NOINPUT},
        {{"--help"}, EX_OK},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        CLEANUP(buf_fini) struct buf out = BUF_INIT(0);
        int code = run_words(calls[i].words, &out);
        if (code != calls[i].code)
            print_error("call %zu\n", i);
        CHECK_INT(code, calls[i].code);
    }
}

static void a_file_over_its_limit_is_refused_as_a_whole(void **state)
{
    (void)state;
    char path[200];
    CLEANUP(buf_fini) struct buf out = BUF_INIT(0);
    (void)snprintf(path, sizeof path, "%s/long.json", scratch_dir());
    AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CHECK(ftruncate(fd, 1048577) == 0);
    const char *words[] = {"--kind", "policy", "--json", path, NULL};
    CHECK_INT(run_words(words, &out), EX_DATAERR);
    AUTO_JSON v = json_loadb((const char *)out.p, out.n, JSON_DISABLE_EOF_CHECK, NULL);
    CHECK_STR(json_string_value(json_object_get(v, "pointer")), "");
    CHECK(strstr(json_string_value(json_object_get(v, "reason")), "1048576") != NULL);
}

static bool same_file(const char *a, const char *b)
{
    CLEANUP(buf_fini) struct buf x = BUF_INIT(0);
    CLEANUP(buf_fini) struct buf y = BUF_INIT(0);
    if (access(b, R_OK) != 0)
        return false;
    slurp(a, &x);
    slurp(b, &y);
    return bytes_eq(buf_bytes(&x), buf_bytes(&y));
}

/* The copy under tests/vectors is what is built against; where its source is at hand the two are compared. */
static void the_contract_here_is_the_shared_one(void **state)
{
    (void)state;
    static const char *const folders[] = {"", "/valid", "/invalid"};
    char shared[1024];
    (void)snprintf(shared, sizeof shared, "%s/../../shared/design/contract", tests_dir("."));
    if (access(shared, R_OK) != 0) {
        print_message("skipped: the shared contract is not on this machine\n");
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        char folder[1200];
        size_t n = 0;
        (void)snprintf(folder, sizeof folder, "%s%s", shared, folders[i]);
        DIR *dir = opendir(folder);
        CHECK(dir != NULL);
        for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
            char theirs[1500];
            (void)snprintf(theirs, sizeof theirs, "%s/%s", folder, entry->d_name);
            if (entry->d_type != DT_REG)
                continue;
            AUTO_MEM char *ours =
                path_of(folders[i][0] == '\0' ? "." : folders[i] + 1, entry->d_name);
            n++;
            if (!same_file(theirs, ours)) {
                print_error("the contract has moved on: copy %s anew\n", entry->d_name);
                fail();
            }
        }
        (void)closedir(dir);
        CHECK(n > 0);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(every_valid_document_has_its_hash_and_warnings),
        CASE(every_invalid_document_is_refused_at_its_pointer),
        CASE(every_expression_is_worth_what_the_table_says),
        CASE(verdicts_are_lines_of_text),
        CASE(the_exit_code_says_what_is_wrong),
        CASE(a_file_over_its_limit_is_refused_as_a_whole),
        CASE(the_contract_here_is_the_shared_one),
    };
    return RUN(cases, argc, argv);
}
