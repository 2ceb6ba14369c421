/* Tests of core/wire/event and frame: canonical bytes only, within a budget. The refused bytes are written by hand. */
#include "core/wire/event.h"

#include "core/wire/frame.h"
#include "support/check.h"

static struct hash hash_of_byte(uint8_t b)
{
    struct hash h;
    memset(h.b, b, sizeof h.b);
    return h;
}

static struct hash two_streams[2];

static struct event a_read(void)
{
    two_streams[0] = hash_of_byte(0xaa);
    two_streams[1] = hash_of_byte(0xbb);
    return (struct event){.kind = EVENT_READ,
                          .read = {.user = "anna",
                                   .role = "annotator",
                                   .purpose = "label",
                                   .patient = hash_of_byte(7),
                                   .item = "12",
                                   .assignment = "34",
                                   .n = 2,
                                   .streams = two_streams,
                                   .n_streams = 2,
                                   .outcome = "shown"}};
}

static void packed(const struct event *e, struct buf *out)
{
    buf_init(out, 1 << 20);
    CHECK_OK(event_put(e, out));
}

static void a_read_event_comes_back_with_all_it_says(void **state)
{
    (void)state;
    CLEANUP(arena_fini) struct arena a;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(4096);
    struct event e = a_read();
    struct event back;
    static const uint8_t blind[ENTRY_BLIND] = {1, 2, 3};
    arena_init(&a, 65536);
    CHECK_OK(event_frame_put(blind, &e, &b));
    CHECK(memcmp(b.p, blind, sizeof blind) == 0);
    CHECK_OK(event_frame_read(buf_bytes(&b), &a, &back));
    CHECK_INT(back.kind, EVENT_READ);
    CHECK_STR(back.read.user, "anna");
    CHECK_STR(back.read.role, "annotator");
    CHECK_STR(back.read.purpose, "label");
    CHECK_STR(back.read.item, "12");
    CHECK_STR(back.read.assignment, "34");
    CHECK_INT(back.read.n, 2);
    CHECK_STR(back.read.outcome, "shown");
    CHECK(hash_eq(back.read.patient, e.read.patient));
    CHECK_INT(back.read.n_streams, 2);
    CHECK(hash_eq(back.read.streams[1], two_streams[1]));
}

static void every_kind_of_event_packs_alike_after_reading(void **state)
{
    (void)state;
    const struct event all[] = {
        a_read(),
        {.kind = EVENT_EXPORT,
         .export = {.user = "root",
                    .role = "operator",
                    .purpose = "export",
                    .campaign = "",
                    .items = 200,
                    .with_records = true,
                    .file = hash_of_byte(9),
                    .outcome = "written"}},
        {.kind = EVENT_ANCHOR, .anchor = {.newest_revision = 5, .doc_hash = hash_of_byte(3)}},
        {.kind = EVENT_ANCHOR},
        {.kind = EVENT_START, .start = {.version = "0.1.0"}},
        {.kind = EVENT_STOP},
        {.kind = EVENT_CLOCK, .clock = {.last_ms = 10, .back_ms = 4}},
        {.kind = EVENT_APPROVAL,
         .approval = {.document = hash_of_byte(4),
                      .kind = "campaign",
                      .user = "stella",
                      .name = "St\xc3\xa9lla Steward",
                      .time_ms = 1764000000000,
                      .meaning = "I approve this campaign for this site",
                      .decision = "refuse",
                      .reason = "scope"}},
        {.kind = EVENT_CONNECTION,
         .connection = {.what = "refused", .site = "", .n = 12, .value = 400}},
        {.kind = EVENT_SUSPEND, .suspend = {.suspended = true, .user = "stella", .name = "Stella"}},
        {.kind = EVENT_CHECKPOINT,
         .checkpoint = {.origin = "fed.example/a/access", .size = 7, .root = hash_of_byte(5)}},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        CLEANUP(arena_fini) struct arena a;
        CLEANUP(buf_fini) struct buf b;
        CLEANUP(buf_fini) struct buf again = BUF_INIT(4096);
        struct event back;
        packed(&all[i], &b);
        arena_init(&a, 65536);
        CHECK_OK(event_read_bytes(buf_bytes(&b), &a, &back));
        CHECK_INT(back.kind, all[i].kind);
        CHECK_OK(event_put(&back, &again));
        CHECK_BYTES(buf_bytes(&again), buf_bytes(&b));
    }
}

static enum err read_hex(const void *bytes, size_t n)
{
    CLEANUP(arena_fini) struct arena a;
    struct event e;
    arena_init(&a, 65536);
    return event_read_bytes(bytes_of(bytes, n), &a, &e);
}
#define READ(literal) read_hex(literal, sizeof(literal) - 1)

static void bytes_that_we_would_not_write_are_refused(void **state)
{
    (void)state;
    CHECK_OK(READ("\x2a\x00"));                                   /* stop */
    CHECK_OK(READ("\x32\x04\x08\x0a\x10\x04"));                   /* clock 10, 4 */
    CHECK_ERR(READ(""), ERR_INVALID);                             /* no event at all */
    CHECK_ERR(READ("\x2a\x80\x00"), ERR_INVALID);                 /* length not minimal */
    CHECK_ERR(READ("\x2a\x00\x2a\x00"), ERR_INVALID);             /* twice */
    CHECK_ERR(READ("\x32\x00\x2a\x00"), ERR_INVALID);             /* two members of one oneof */
    CHECK_ERR(READ("\x2a\x00\x50\x01"), ERR_INVALID);             /* unknown field */
    CHECK_ERR(READ("\x2a\x02\x08\x01"), ERR_INVALID);             /* unknown field below */
    CHECK_ERR(READ("\x32\x04\x10\x04\x08\x0a"), ERR_INVALID);     /* out of order */
    CHECK_ERR(READ("\x32\x05\x08\x8a\x00\x10\x04"), ERR_INVALID); /* number not minimal */
    CHECK_ERR(READ("\x32\x04\x08\x00\x10\x04"), ERR_INVALID);     /* explicit default */
    CHECK_ERR(READ("\x22\x05\x0a\x03"
                   "a\0b"),
              ERR_INVALID);                               /* NUL in a string */
    CHECK_ERR(READ("\x22\x03\x0a\x01\xff"), ERR_INVALID); /* not UTF-8 */
    CHECK_ERR(READ("\x22\x03\x0a\x01\n"), ERR_INVALID);   /* control character */
    CHECK_OK(READ("\x22\x03\x0a\x01"
                  "1"));
}

static void every_truncation_of_an_event_is_refused(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b;
    struct event e = a_read();
    packed(&e, &b);
    for (size_t n = 0; n < b.n; n++)
        CHECK_ERR(read_hex(b.p, n), ERR_INVALID);
}

static void what_breaks_a_bound_is_not_written(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(1 << 20);
    char longer[EVENT_TOKEN_MAX + 2];
    memset(longer, 'a', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    struct event e = a_read();
    e.read.user = "";
    CHECK_ERR(event_put(&e, &b), ERR_INVALID);
    e.read.user = longer;
    CHECK_ERR(event_put(&e, &b), ERR_INVALID);
    e.read.user = "an\nna";
    CHECK_ERR(event_put(&e, &b), ERR_INVALID);
    e = a_read();
    e.read.n_streams = EVENT_STREAMS_MAX + 1;
    CHECK_ERR(event_put(&e, &b), ERR_INVALID);
    CHECK_INT(b.n, 0);
}

static void decoding_stops_at_the_budget(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b;
    CLEANUP(arena_fini) struct arena a;
    struct event e = a_read();
    struct event back;
    packed(&e, &b);
    arena_init(&a, 128);
    CHECK_ERR(event_read_bytes(buf_bytes(&b), &a, &back), ERR_NOMEM);
    CHECK(a.used <= 128);
}

static void frames_are_canonical_or_refused(void **state)
{
    (void)state;
    CLEANUP(arena_fini) struct arena a;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(64);
    struct frame f;
    arena_init(&a, 65536);
    CHECK_OK(frame_put(&(struct frame){bytes_str("note"), bytes_of(NULL, 0)}, &b));
    CHECK_BYTES(buf_bytes(&b), bytes_str("\x0a\x04note"));
    CHECK_OK(frame_read(buf_bytes(&b), &a, &f));
    CHECK_BYTES(f.note, bytes_str("note"));
    CHECK_INT(f.body.n, 0);
    CHECK_ERR(frame_read(bytes_of("\x0a\x04note\x12\x00", 8), &a, &f), ERR_INVALID);
    CHECK_ERR(frame_read(bytes_of("\x12\x01x\x0a\x04note", 9), &a, &f), ERR_INVALID);
    CHECK_ERR(frame_read(bytes_of("\x0a\x04note\x0a\x04note", 12), &a, &f), ERR_INVALID);
    CHECK_ERR(frame_read(bytes_of("\x0a\x04note\x18\x01", 8), &a, &f), ERR_INVALID);
    CHECK_ERR(frame_read(bytes_of("\x0a\x84\x00note", 7), &a, &f), ERR_INVALID);
    CHECK_ERR(frame_read(bytes_of(b.p, FRAME_MAX + 1), &a, &f), ERR_TOOBIG);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_read_event_comes_back_with_all_it_says),
        CASE(every_kind_of_event_packs_alike_after_reading),
        CASE(bytes_that_we_would_not_write_are_refused),
        CASE(every_truncation_of_an_event_is_refused),
        CASE(what_breaks_a_bound_is_not_written),
        CASE(decoding_stops_at_the_budget),
        CASE(frames_are_canonical_or_refused),
    };
    return RUN(cases, argc, argv);
}
