/* Tests of base/buf and base/arena. */
#include "base/buf.h"
#include "base/arena.h"
#include "support/check.h"

static void appends_stand_in_order(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(100);
    CHECK_OK(buf_puts(&b, "ab"));
    CHECK_OK(buf_printf(&b, "%d", 12));
    CHECK_OK(buf_putc(&b, 'c'));
    CHECK_STR(buf_cstr(&b), "ab12c");
}

static void the_limit_is_exact_and_its_refusal_sticks(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(3);
    CHECK_OK(buf_puts(&b, "abc"));
    CHECK_ERR(buf_putc(&b, 'd'), ERR_TOOBIG);
    CHECK_ERR(buf_puts(&b, ""), ERR_TOOBIG);
    CHECK_INT(b.n, 3);
    buf_clear(&b);
    CHECK_OK(buf_puts(&b, "xyz"));
}

static void a_refused_buffer_gives_nothing_away(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(1);
    CHECK_ERR(buf_puts(&b, "long"), ERR_TOOBIG);
    CHECK(buf_steal(&b) == NULL);
}

static void a_reservation_over_any_size_is_refused(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(SIZE_MAX);
    CHECK_OK(buf_putc(&b, 'a'));
    CHECK(buf_reserve(&b, SIZE_MAX) == NULL);
    CHECK_ERR(buf_err(&b), ERR_TOOBIG);
}

static void an_arena_stops_at_its_budget(void **state)
{
    (void)state;
    CLEANUP(arena_fini) struct arena a;
    arena_init(&a, 64);
    CHECK(arena_alloc(&a, 40) != NULL);
    CHECK(arena_alloc(&a, 40) == NULL);
    CHECK(a.refused);
    CHECK(arena_alloc(&a, SIZE_MAX) == NULL);
}

static void an_arena_hands_out_zeroed_aligned_memory(void **state)
{
    (void)state;
    CLEANUP(arena_fini) struct arena a;
    arena_init(&a, (size_t)1024 * 1024);
    for (size_t n = 1; n < 40000; n = n * 3 + 1) {
        uint8_t *p = arena_alloc(&a, n);
        CHECK(p != NULL && (uintptr_t)p % 16 == 0);
        for (size_t i = 0; i < n; i++)
            CHECK(p[i] == 0);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(appends_stand_in_order),
        CASE(the_limit_is_exact_and_its_refusal_sticks),
        CASE(a_refused_buffer_gives_nothing_away),
        CASE(a_reservation_over_any_size_is_refused),
        CASE(an_arena_stops_at_its_budget),
        CASE(an_arena_hands_out_zeroed_aligned_memory),
    };
    return RUN(cases, argc, argv);
}
