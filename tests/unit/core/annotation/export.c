/* Tests of core/annotation/export: data.md 6. */
#include "core/annotation/export.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "support/check.h"
#include "support/patch.h"

#include <stdio.h>

/* The verdict over a file's bytes, fed in chunks of this size. */
static enum err judge(struct bytes file, size_t chunk, struct hash *hash, struct diag *d)
{
    AUTO(export_check) c = NULL;
    CHECK_OK(export_check_new(&c));
    while (export_check_wants(c)) {
        for (size_t at = 0; at < file.n; at += chunk) {
            size_t n = file.n - at < chunk ? file.n - at : chunk;
            CHECK_OK(export_check_feed(c, bytes_of(file.p + at, n)));
        }
        CHECK_OK(export_check_turn(c));
    }
    return export_check_result(c, hash, d);
}

static json_t *lines_of(struct bytes file)
{
    json_t *lines = json_array();
    while (file.n > 0) {
        const uint8_t *end = memchr(file.p, '\n', file.n);
        size_t n = end == NULL ? file.n : (size_t)(end - file.p);
        json_t *line = json_loadb((const char *)file.p, n, 0, NULL);
        CHECK(line != NULL && json_array_append_new(lines, line) == 0);
        file = bytes_skip(file, n + 1);
    }
    return lines;
}

/* The lines' text; with `anew` the last one is written to fit those before. */
static void put_lines(const json_t *lines, bool anew, struct buf *out)
{
    AUTO(export_writer) w = NULL;
    CHECK_OK(export_writer_new(&w));
    for (size_t i = 0; i + (anew ? 1 : 0) < json_array_size(lines); i++) {
        CLEANUP(buf_fini) struct buf line = BUF_INIT(1 << 20);
        CHECK_OK(json_canonical(json_array_get(lines, i), &line));
        CHECK_OK(export_writer_put_text(w, buf_bytes(&line), out));
    }
    if (anew)
        CHECK_OK(export_writer_end(w, out));
}

/* Hashes of documents and their counts, so that a case's own fault is the only one. */
static void rehash(json_t *lines)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        json_t *line = json_array_get(lines, i);
        struct hash hash;
        if (json_object_get(line, "doc_hash") == NULL)
            continue;
        CHECK_OK(json_hash(json_object_get(line, "doc"), &hash));
        CHECK(json_object_set_new(line, "doc_hash", json_string(hash_uri(hash).s)) == 0);
    }
}

/* Lines of valid/export.jsonl: 0 bundle, 1 schema, 2 guideline, 3 session, 4 and 5 items, 6 and 7 streams, 8 assignment,
 * 9 and 10 revisions, 11 review, 12 comment, 13 end. */
static const struct refusal refusals[] = {
    {"as it stands", {{NULL, NULL}}, NULL},
    {"the first line is the bundle", {{"/0", NULL}}, "/0/type"},
    {"and only it",
     {{"/1", "{\"type\":\"bundle\",\"v\":1,\"site\":\"north\",\"campaign\":null,\"counts\":{},"
             "\"made_ms\":0}"}},
     "/0/counts/schema"},
    {"an end in the middle",
     {{"/4", "{\"type\":\"end\",\"lines\":4,\"sha256\":\"sha256:"
             "0000000000000000000000000000000000000000000000000000000000000000\"}"}},
     "/0/counts/item"},
    {"a type that is none: nothing else is judged",
     {{"/3/type", "\"visit\""}, {"/3/id", "1"}},
     "/3/type"},
    {"a line that is no object", {{"/3", "[]"}}, "/3"},
    {"a type left out of the counts", {{"/0/counts/comment", NULL}}, "/0/counts"},
    {"a counted type that does not occur", {{"/0/counts/suggestion", "1"}}, "/0/counts/suggestion"},
    {"a schema's hash",
     {{"/1/hash", "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\""}},
     "/1/hash"},
    {"a schema's own faults", {{"/1/doc/questions/0/on", "\"letter\""}}, "/1/doc/questions/0/on"},
    {"a guideline's hash is that of its note",
     {{"/2/hash", "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\""}},
     "/2/hash"},
    {"a guideline's own faults come with its hash, which is first",
     {{"/2/doc/labels/1/id", "\"pain\""}},
     "/2/doc/labels/1/id"},
    {"sessions once",
     {{"/4", "{\"type\":\"session\",\"id\":\"s_4f1c\"}"},
      {"/0/counts/session", "2"},
      {"/0/counts/item", "1"}},
     "/4/id"},
    {"an item's session is there", {{"/4/session", "\"s_none\""}}, "/4/session"},
    {"items once", {{"/5/id", "\"i_1\""}}, "/5/id"},
    {"a stream's item is there", {{"/7/item", "\"i_3\""}}, "/7/item"},
    {"streams of an item once", {{"/7/item", "\"i_1\""}}, "/7/id"},
    {"an assignment's item is there", {{"/8/item", "\"i_3\""}}, "/8/item"},
    {"a slot is 0 to 15", {{"/8/slot", "16"}}, "/8/slot"},
    {"a revision's assignment is there", {{"/9/assignment", "\"a2\""}}, "/9/assignment"},
    {"revisions once", {{"/10/n", "1"}, {"/10/base", "0"}}, "/10/n"},
    {"base is there", {{"/10/n", "3"}, {"/10/base", "2"}}, "/10/base"},
    {"base is below n", {{"/10/base", "2"}}, "/10"},
    {"a revision's item is the assignment's", {{"/9/doc/item", "\"i_2\""}}, "/9/doc/item"},
    {"its schema is there",
     {{"/9/doc/schema",
       "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\""}},
     "/9/doc/schema"},
    {"its streams are the item's",
     {{"/9/doc/streams/note",
       "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\""}},
     "/9/doc/streams/note"},
    {"it is judged by the schema", {{"/9/doc/answers/readable", "1"}}, "/9/doc/answers/readable"},
    {"as submitted", {{"/9/doc/answers", "{}"}}, "/9/doc/answers"},
    {"a returned one as a draft", {{"/9/doc/answers", "{}"}, {"/9/status", "\"returned\""}}, NULL},
    {"meaning of a later line before submit of an earlier one",
     {{"/9/doc/answers", "{}"}, {"/12/item", "\"i_3\""}},
     "/12/item"},
    {"structure of a later line before meaning of an earlier one",
     {{"/4/session", "\"s_none\""}, {"/12/text", "\"\""}},
     "/12/text"},
    {"a review's assignment is there", {{"/11/assignment", "\"a2\""}}, "/11/assignment"},
    {"a comment's assignment, where it names one",
     {{"/12/assignment", "\"a2\""}},
     "/12/assignment"},
    {"the schema of a suggestion is there; then its task",
     {{"/12", "{\"type\":\"suggestion\",\"id\":\"g1\",\"item\":\"i_1\",\"schema\":\"sha256:"
              "a5b276af2a432c8db4a313e2ea233ebf1532e1c3aeab0410934139afb7d45e4e\",\"model\":"
              "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\",\"at_"
              "ms\":0,\"task\":\"spans\",\"stream\":\"note\",\"label\":\"pain\",\"sel\":{\"t\":"
              "\"span\",\"parts\":[[0,1]]},\"decisions\":[]}"},
      {"/0/counts/suggestion", "1"},
      {"/0/counts/comment", NULL}},
     "/12/task"},
};

static void check_one(const json_t *base, const struct refusal *r)
{
    AUTO_JSON lines = json_deep_copy(base);
    CLEANUP(buf_fini) struct buf file = BUF_INIT(1 << 20);
    struct hash hash;
    struct diag d = {0};
    patch(lines, r->changes, 5);
    rehash(lines);
    put_lines(lines, true, &file);
    enum err e = judge(buf_bytes(&file), 4096, &hash, &d);
    if (r->pointer == NULL ? e == OK : e == ERR_INVALID && strcmp(d.pointer, r->pointer) == 0)
        return;
    print_error("%s: wanted %s, got %s %s (%s)\n", r->sentence,
                r->pointer == NULL ? "ok" : r->pointer, err_name(e), d.pointer, d.text);
    fail();
}

static void read_valid(struct buf *out)
{
    slurp(tests_dir("vectors/contract/valid/export.jsonl"), out);
}

static void every_rule_of_exports_names_its_place(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf file = BUF_INIT(0);
    read_valid(&file);
    AUTO_JSON base = lines_of(buf_bytes(&file));
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        check_one(base, &refusals[i]);
}

static void the_writer_gives_back_the_contracts_bytes(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf file = BUF_INIT(0);
    CLEANUP(buf_fini) struct buf again = BUF_INIT(1 << 20);
    read_valid(&file);
    AUTO_JSON lines = lines_of(buf_bytes(&file));
    AUTO(export_writer) w = NULL;
    struct diag d = {0};
    CHECK_OK(export_writer_new(&w));
    for (size_t i = 0; i + 1 < json_array_size(lines); i++)
        CHECK_OK(export_writer_put(w, json_array_get(lines, i), &again, &d));
    CHECK_OK(export_writer_end(w, &again));
    CHECK_BYTES(buf_bytes(&again), buf_bytes(&file));
}

static void the_writer_refuses_what_is_no_line(void **state)
{
    (void)state;
    AUTO_JSON line = json_pack("{s:s, s:s}", "type", "session", "id", "S");
    AUTO(export_writer) w = NULL;
    CLEANUP(buf_fini) struct buf out = BUF_INIT(1000);
    struct diag d = {0};
    CHECK_OK(export_writer_new(&w));
    CHECK_ERR(export_writer_put(w, line, &out, &d), ERR_INVALID);
    CHECK_STR(d.pointer, "/id");
    CHECK_INT(out.n, 0);
}

static void chunks_of_any_size_give_one_verdict(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf file = BUF_INIT(0);
    read_valid(&file);
    static const size_t sizes[] = {1, 2, 7, 64, 4096, 1 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct hash hash;
        struct diag d = {0};
        CHECK_OK(judge(buf_bytes(&file), sizes[i], &hash, &d));
        CHECK(hash_eq(hash, sha256_of(buf_bytes(&file))));
    }
}

static void a_file_cut_anywhere_is_refused_as_a_whole(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf file = BUF_INIT(0);
    read_valid(&file);
    for (size_t n = 0; n < file.n; n++) {
        struct hash hash;
        struct diag d = {0};
        CHECK_ERR(judge(bytes_of(file.p, n), 4096, &hash, &d), ERR_INVALID);
        CHECK_STR(d.pointer, "");
    }
}

static void cut_comes_before_all_else(void **state)
{
    (void)state;
    static const char text[] = "}\n{\"type\":\"session\"}\n";
    struct hash hash;
    struct diag d = {0};
    CHECK_ERR(judge(bytes_str(text), 100, &hash, &d), ERR_INVALID);
    CHECK_STR(d.pointer, "");
}

static void a_fault_of_a_lines_text_is_that_lines(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"type\":\"bundle\"}\n\n{\"type\":\"end\"}\n",
        "{\"type\":\"bundle\"}\n{\"type\":\"item\",\"type\":\"item\"}\n{\"type\":\"end\"}\n",
        "{\"type\":\"bundle\"}\n\xff\n{\"type\":\"end\"}\n",
    };
    for (size_t i = 0; i < 3; i++) {
        struct hash hash;
        struct diag d = {0};
        CHECK_ERR(judge(bytes_str(texts[i]), 5, &hash, &d), ERR_INVALID);
        CHECK_STR(d.pointer, "/1");
    }
}

static void a_line_over_9_mib_is_refused_without_being_kept(void **state)
{
    (void)state;
    AUTO(export_check) c = NULL;
    struct hash hash;
    struct diag d = {0};
    char spaces[4096];
    memset(spaces, ' ', sizeof spaces);
    CHECK_OK(export_check_new(&c));
    CHECK_OK(export_check_feed(c, bytes_str("{\"type\":\"bundle\"}\n")));
    for (size_t n = 0; n <= EXPORT_LINE_MAX; n += sizeof spaces)
        CHECK_OK(export_check_feed(c, bytes_of(spaces, sizeof spaces)));
    CHECK_OK(export_check_feed(c, bytes_str("{\"type\":\"item\"}\n{\"type\":\"end\"}\n")));
    CHECK_OK(export_check_turn(c));
    CHECK(!export_check_wants(c));
    CHECK_ERR(export_check_result(c, &hash, &d), ERR_INVALID);
    CHECK_STR(d.pointer, "/1");
}

/* A deprecated label may stay in revision 2 where revision 1 had it, wherever the lines stand. */
static void deprecated_labels_are_judged_against_the_base(void **state)
{
    (void)state;
    AUTO_JSON rich = contract("valid/schema-rich.json");
    AUTO_JSON revision = contract("valid/revision.json");
    struct hash schema_hash;
    CHECK_OK(json_hash(rich, &schema_hash));
    const struct change old[] = {{"/doc/answers/course", "\"unclear\""}};
    for (int was_there = 0; was_there < 2; was_there++) {
        AUTO_JSON first = json_deep_copy(revision);
        AUTO_JSON second = json_deep_copy(revision);
        patch(second, old, 1);
        if (was_there)
            patch(first, old, 1);
        CHECK(json_object_set_new(first, "status", json_string("returned")) == 0);
        CHECK(json_object_set_new(first, "n", json_integer(1)) == 0);
        CHECK(json_object_set_new(first, "base", json_integer(0)) == 0);
        CHECK(json_object_set_new(first, "type", json_string("revision")) == 0);
        CHECK(json_object_set_new(second, "type", json_string("revision")) == 0);
        AUTO_JSON stream = contract("valid/streams-note.json");
        AUTO_JSON lines = json_pack(
            "[{s:s,s:i,s:s,s:n,s:{s:i,s:i,s:i,s:i,s:i,s:i},s:i},O,O,{s:s,s:s,s:O},{s:s,s:s},{s:s,s:"
            "s,s:s},"
            "{s:s,s:s,s:s,s:s,s:i,s:O},{s:s,s:s,s:s,s:s,s:i,s:s},{s:s}]",
            "type", "bundle", "v", 1, "site", "north", "campaign", "counts", "schema", 1, "session",
            1, "item", 1, "stream", 1, "assignment", 1, "revision", 2, "made_ms", 0, second, first,
            "type", "schema", "hash", hash_uri(schema_hash).s, "doc", rich, "type", "session", "id",
            "s_1", "type", "item", "id", "t4", "session", "s_1", "type", "stream", "item", "t4",
            "id", "note", "media_type", "text/plain", "bytes", 431, "stream",
            json_object_get(stream, "note"), "type", "assignment", "id", "a1", "item", "t4",
            "annotator", "u_7", "slot", 0, "state", "returned", "type", "end");
        CHECK(lines != NULL);
        /* The second revision is the line before the first here. */
        const struct refusal r = {"deprecated",
                                  {{NULL, NULL}},
                                  was_there ? "/2/doc/answers/course" : "/1/doc/answers/course"};
        check_one(lines, &r);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(every_rule_of_exports_names_its_place),
        CASE(the_writer_gives_back_the_contracts_bytes),
        CASE(the_writer_refuses_what_is_no_line),
        CASE(chunks_of_any_size_give_one_verdict),
        CASE(a_file_cut_anywhere_is_refused_as_a_whole),
        CASE(cut_comes_before_all_else),
        CASE(a_fault_of_a_lines_text_is_that_lines),
        CASE(a_line_over_9_mib_is_refused_without_being_kept),
        CASE(deprecated_labels_are_judged_against_the_base),
    };
    return RUN(cases, argc, argv);
}
