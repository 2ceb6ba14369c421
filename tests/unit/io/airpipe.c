/* Tests of io/airpipe: every packet there and back, every way to break one, and the pipe that never blocks. */
#include "io/airpipe.h"
#include "support/check.h"

#include <fcntl.h>
#include <sys/socket.h>

static const uint8_t key[ZCHAN_KEY] = {1, 2, 3, 4, 5};
static uint8_t big[ZCHAN_FRAME_MAX + 1];

static struct bytes a_list(struct buf *b)
{
    buf_init(b, 1000);
    CHECK_OK(airpipe_allow_put(b, "north", key));
    CHECK_OK(airpipe_allow_put(b, "south-1", key));
    return buf_bytes(b);
}

/* One good packet of each type; `list` keeps the memory of one of them. */
enum { SAMPLES = 13 };
static void samples(struct airpipe_msg m[SAMPLES], struct buf *list)
{
    const struct airpipe_msg all[SAMPLES] = {
        {.type = AIRPIPE_KEY, .key = bytes_of(key, sizeof key)},
        {.type = AIRPIPE_ALLOW, .list = a_list(list)},
        {.type = AIRPIPE_BIND, .text = bytes_str("tcp://*:7600")},
        {.type = AIRPIPE_CONNECT,
         .key = bytes_of(key, sizeof key),
         .text = bytes_str("tcp://10.0.0.1:7600")},
        {.type = AIRPIPE_CLOSE},
        {.type = AIRPIPE_OUT, .ticket = 7, .name = bytes_str("north"), .frame = bytes_str("frame")},
        {.type = AIRPIPE_ROUTE, .route = 0xfffffffe, .name = bytes_str("north")},
        {.type = AIRPIPE_KNOCK, .route = 9},
        {.type = AIRPIPE_SENT, .ticket = 7},
        {.type = AIRPIPE_NOTSENT, .ticket = 7, .reason = AIRPIPE_BUSY},
        {.type = AIRPIPE_IN, .route = 3, .name = bytes_str(""), .frame = bytes_str("x")},
        {.type = AIRPIPE_PEER, .event = ZCHAN_REFUSED, .value = 400, .name = bytes_str("south")},
        {.type = AIRPIPE_LOGLINE, .text = bytes_str("refused")},
    };
    memcpy(m, all, sizeof all);
}

static enum airpipe_side sayer(enum airpipe_type t)
{
    return t <= AIRPIPE_KNOCK ? AIRPIPE_KEEPER : AIRPIPE_AIRLOCK;
}

static void check_same(const struct airpipe_msg *a, const struct airpipe_msg *b)
{
    CHECK_INT(a->type, b->type);
    CHECK_INT(a->ticket, b->ticket);
    CHECK_INT(a->route, b->route);
    CHECK_INT(a->value, b->value);
    CHECK_INT(a->event, b->event);
    CHECK_INT(a->reason, b->reason);
    CHECK_BYTES(a->key, b->key);
    CHECK_BYTES(a->name, b->name);
    CHECK_BYTES(a->text, b->text);
    CHECK_BYTES(a->frame, b->frame);
    CHECK_BYTES(a->list, b->list);
}

static void every_type_comes_back_as_it_went(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf list = {0};
    struct airpipe_msg m[SAMPLES];
    samples(m, &list);
    for (size_t i = 0; i < SAMPLES; i++) {
        CLEANUP(buf_fini) struct buf b = BUF_INIT(10000);
        struct airpipe_msg back;
        size_t n = 0;
        CHECK_OK(airpipe_put(&b, &m[i]));
        CHECK_OK(airpipe_head(b.p, sayer(m[i].type), &n));
        CHECK_INT(n + AIRPIPE_HEAD, b.n);
        CHECK_OK(airpipe_parse(b.p[4], bytes_skip(buf_bytes(&b), AIRPIPE_HEAD), &back));
        check_same(&m[i], &back);
    }
}

static void a_payload_cut_anywhere_is_refused(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf list = {0};
    struct airpipe_msg m[SAMPLES];
    samples(m, &list);
    for (size_t i = 0; i < SAMPLES; i++) {
        CLEANUP(buf_fini) struct buf b = BUF_INIT(10000);
        CHECK_OK(airpipe_put(&b, &m[i]));
        struct bytes whole = bytes_skip(buf_bytes(&b), AIRPIPE_HEAD);
        /* These end with bytes of no fixed number: only what stands before can be missed. */
        size_t must = m[i].text.n > 0    ? whole.n - m[i].text.n + (m[i].type != AIRPIPE_LOGLINE)
                      : m[i].frame.n > 0 ? whole.n - m[i].frame.n + 1
                                         : whole.n;
        for (size_t n = 0; n < must; n++) {
            AUTO_MEM uint8_t *cut = malloc(n + 1);
            struct airpipe_msg back;
            assert_non_null(cut);
            if (n > 0)
                memcpy(cut, whole.p, n);
            bool still_a_list = m[i].type == AIRPIPE_ALLOW && (n == 0 || n == 1 + 5 + ZCHAN_KEY);
            CHECK((airpipe_parse(b.p[4], bytes_of(cut, n), &back) == OK) == still_a_list);
        }
    }
}

static void a_byte_too_many_is_refused(void **state)
{
    (void)state;
    struct airpipe_msg back;
    CHECK_ERR(airpipe_parse(AIRPIPE_SENT, bytes_str("12345"), &back), ERR_INVALID);
    CHECK_ERR(airpipe_parse(AIRPIPE_CLOSE, bytes_str("x"), &back), ERR_INVALID);
    CHECK_ERR(airpipe_parse(AIRPIPE_KEY, bytes_of(big, ZCHAN_KEY + 1), &back), ERR_INVALID);
}

static void unknown_types_and_those_of_the_other_side_are_refused(void **state)
{
    (void)state;
    uint8_t head[AIRPIPE_HEAD] = {0};
    size_t n = 0;
    unsigned good = 0;
    for (unsigned t = 0; t < 256; t++) {
        head[4] = (uint8_t)t;
        for (int side = 0; side < 2; side++)
            good += airpipe_head(head, (enum airpipe_side)side, &n) == OK;
    }
    CHECK_INT(good, SAMPLES);
    head[4] = AIRPIPE_IN;
    CHECK_ERR(airpipe_head(head, AIRPIPE_KEEPER, &n), ERR_INVALID);
    head[4] = AIRPIPE_OUT;
    CHECK_ERR(airpipe_head(head, AIRPIPE_AIRLOCK, &n), ERR_INVALID);
}

static void a_length_over_the_limit_of_its_type_is_refused_by_the_head_alone(void **state)
{
    (void)state;
    size_t n = 0;
    uint8_t head[AIRPIPE_HEAD] = {0};
    put_be32(head, AIRPIPE_PAYLOAD_MAX + 1);
    head[4] = AIRPIPE_OUT;
    CHECK_ERR(airpipe_head(head, AIRPIPE_KEEPER, &n), ERR_TOOBIG);
    put_be32(head, ZCHAN_KEY + 1);
    head[4] = AIRPIPE_KEY;
    CHECK_ERR(airpipe_head(head, AIRPIPE_KEEPER, &n), ERR_TOOBIG);
    put_be32(head, UINT32_MAX);
    head[4] = AIRPIPE_LOGLINE;
    CHECK_ERR(airpipe_head(head, AIRPIPE_AIRLOCK, &n), ERR_TOOBIG);
}

static void what_breaks_a_limit_is_not_written(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(AIRPIPE_PAYLOAD_MAX + AIRPIPE_HEAD);
    char long_name[ZCHAN_ID_MAX + 2];
    memset(long_name, 'n', sizeof long_name);
    const struct airpipe_msg bad[] = {
        {.type = AIRPIPE_OUT, .frame = bytes_of(big, sizeof big)},
        {.type = AIRPIPE_OUT, .frame = bytes_of(big, 0)},
        {.type = AIRPIPE_IN,
         .name = bytes_of(long_name, ZCHAN_ID_MAX + 1),
         .frame = bytes_str("f")},
        {.type = AIRPIPE_IN, .name = bytes_str("a b"), .frame = bytes_str("f")},
        {.type = AIRPIPE_ROUTE},
        {.type = AIRPIPE_KEY, .key = bytes_of(key, 31)},
        {.type = AIRPIPE_BIND},
        {.type = AIRPIPE_BIND, .text = bytes_str("tcp://\n")},
        {.type = AIRPIPE_NOTSENT, .reason = AIRPIPE_REASONS},
        {.type = AIRPIPE_PEER, .event = 0},
        {.type = AIRPIPE_PEER, .event = AIRPIPE_EVENTS},
        {.type = AIRPIPE_LOGLINE, .text = bytes_of(big, AIRPIPE_LINE_MAX + 1)},
        {.type = AIRPIPE_ALLOW, .list = bytes_str("\005north")},
        {.type = (enum airpipe_type)99},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_ERR(airpipe_put(&b, &bad[i]), ERR_INVALID);
        CHECK_INT(b.n, 0);
    }
    const struct airpipe_msg most = {.type = AIRPIPE_OUT, .frame = bytes_of(big, ZCHAN_FRAME_MAX)};
    CHECK_OK(airpipe_put(&b, &most));
}

static void a_list_is_read_back(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = {0};
    struct zchan_allowed one;
    struct bytes list = a_list(&b);
    CHECK(airpipe_allow_next(&list, &one));
    CHECK_STR(one.id, "north");
    CHECK(memcmp(one.key, key, sizeof key) == 0);
    CHECK(airpipe_allow_next(&list, &one));
    CHECK_STR(one.id, "south-1");
    CHECK(!airpipe_allow_next(&list, &one));
    CHECK_ERR(airpipe_allow_put(&b, "", key), ERR_INVALID);
}

/* --- the pipe --- */
struct ends {
    int fd[2];
    struct airpipe keeper;
    struct airpipe airlock;
};

static void ends_open(struct ends *x, size_t out_max)
{
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, x->fd) == 0);
    CHECK_OK(airpipe_init(&x->keeper, x->fd[0], AIRPIPE_KEEPER, out_max));
    CHECK_OK(airpipe_init(&x->airlock, x->fd[1], AIRPIPE_AIRLOCK, out_max));
}

static void ends_fini(struct ends *x)
{
    airpipe_fini(&x->keeper);
    airpipe_fini(&x->airlock);
    fd_auto(&x->fd[0]);
    fd_auto(&x->fd[1]);
}

static void a_frame_larger_than_the_sockets_buffer_goes_in_pieces(void **state)
{
    (void)state;
    CLEANUP(ends_fini) struct ends x;
    ends_open(&x, (size_t)8 * 1024 * 1024);
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (uint8_t)(i * 7);
    struct airpipe_msg m = {.type = AIRPIPE_OUT, .frame = bytes_of(big, ZCHAN_FRAME_MAX)};
    struct airpipe_msg got;
    CHECK_OK(airpipe_write(&x.keeper, &m));
    CHECK(airpipe_backlog(&x.keeper) > 0);
    enum err e = ERR_AGAIN;
    for (int turns = 0; e == ERR_AGAIN && turns < 1000; turns++) {
        e = airpipe_read(&x.airlock, &got);
        CHECK_OK(airpipe_flush(&x.keeper));
    }
    CHECK_OK(e);
    CHECK(bytes_eq(got.frame, m.frame));
    CHECK_ERR(airpipe_read(&x.airlock, &got), ERR_AGAIN);
}

static void a_slow_reader_is_not_waited_for_and_not_queued_for_without_end(void **state)
{
    (void)state;
    CLEANUP(ends_fini) struct ends x;
    ends_open(&x, (size_t)3 * 1024 * 1024);
    struct airpipe_msg m = {.type = AIRPIPE_OUT, .frame = bytes_of(big, (size_t)1024 * 1024)};
    enum err e = OK;
    int went = 0;
    while (went < 10 && !e) {
        e = airpipe_write(&x.keeper, &m);
        went += e == OK;
    }
    CHECK_ERR(e, ERR_AGAIN);
    CHECK(went >= 2 && went <= 3);
    /* What is queued is whole: all of it arrives, and then there is room again. */
    int came = 0;
    while (came < went) {
        struct airpipe_msg got;
        e = airpipe_read(&x.airlock, &got);
        if (!e)
            came++;
        else
            CHECK_ERR(e, ERR_AGAIN);
        CHECK_OK(airpipe_flush(&x.keeper));
    }
    CHECK_OK(airpipe_write(&x.keeper, &m));
}

static void a_key_never_waits_in_a_buffer(void **state)
{
    (void)state;
    CLEANUP(ends_fini) struct ends x;
    ends_open(&x, (size_t)8 * 1024 * 1024);
    struct airpipe_msg secret = {.type = AIRPIPE_KEY, .key = bytes_of(key, sizeof key)};
    struct airpipe_msg m = {.type = AIRPIPE_OUT, .frame = bytes_of(big, ZCHAN_FRAME_MAX)};
    struct airpipe_msg got;
    CHECK_OK(airpipe_write(&x.keeper, &secret));
    CHECK_INT(x.keeper.out.n, 0);
    CHECK_OK(airpipe_read(&x.airlock, &got));
    CHECK_BYTES(got.key, bytes_of(key, sizeof key));
    const uint8_t *held = got.key.p;
    CHECK_ERR(airpipe_read(&x.airlock, &got), ERR_AGAIN);
    for (size_t i = 0; i < sizeof key; i++)
        CHECK_INT(held[i], 0); /* wiped where it was read into */
    CHECK_OK(airpipe_write(&x.keeper, &m));
    CHECK_ERR(airpipe_write(&x.keeper, &secret), ERR_AGAIN);
}

static void garbage_ends_the_connection(void **state)
{
    (void)state;
    CLEANUP(ends_fini) struct ends x;
    struct airpipe_msg got;
    ends_open(&x, 1000);
    CHECK(send(x.fd[0], "GET / HTTP/1.1\r\n", 16, 0) == 16);
    CHECK_ERR(airpipe_read(&x.airlock, &got), ERR_INVALID);
}

static void a_closed_end_is_told(void **state)
{
    (void)state;
    CLEANUP(ends_fini) struct ends x;
    struct airpipe_msg m = {.type = AIRPIPE_CLOSE};
    struct airpipe_msg got;
    ends_open(&x, 1000);
    CHECK_OK(airpipe_write(&x.keeper, &m));
    fd_auto(&x.fd[0]);
    x.fd[0] = -1;
    CHECK_OK(airpipe_read(&x.airlock, &got)); /* what was said before still counts */
    CHECK_ERR(airpipe_read(&x.airlock, &got), ERR_CLOSED);
    m = (struct airpipe_msg){.type = AIRPIPE_SENT, .ticket = 1};
    CHECK_ERR(airpipe_write(&x.airlock, &m), ERR_CLOSED);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(every_type_comes_back_as_it_went),
        CASE(a_payload_cut_anywhere_is_refused),
        CASE(a_byte_too_many_is_refused),
        CASE(unknown_types_and_those_of_the_other_side_are_refused),
        CASE(a_length_over_the_limit_of_its_type_is_refused_by_the_head_alone),
        CASE(what_breaks_a_limit_is_not_written),
        CASE(a_list_is_read_back),
        CASE(a_frame_larger_than_the_sockets_buffer_goes_in_pieces),
        CASE(a_slow_reader_is_not_waited_for_and_not_queued_for_without_end),
        CASE(a_key_never_waits_in_a_buffer),
        CASE(garbage_ends_the_connection),
        CASE(a_closed_end_is_told),
    };
    return RUN(cases, argc, argv);
}
