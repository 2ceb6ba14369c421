/* Tests of core/tlog/tile, bundle. Oracles: the worked names of C2SP tlog-tiles and of log-and-security.md 2.1. */
#include "core/tlog/tile.h"

#include "core/tlog/bundle.h"
#include "support/check.h"
#include "support/naive_tree.h"

static void names_are_those_of_the_specification(void **state)
{
    (void)state;
    static const struct {
        struct tile t;
        const char *path;
    } cases[] = {
        {{0, 1234067, 256}, "tile/0/x001/x234/067"},
        {{0, 273, 112}, "tile/0/273.p/112"},
        {{1, 0, 256}, "tile/1/000"},
        {{2, 0, 1}, "tile/2/000.p/1"},
        {{TILE_ENTRIES, 0, 2}, "tile/entries/000.p/2"},
        {{TILE_ENTRIES, 999, 256}, "tile/entries/999"},
        {{7, 1000, 255}, "tile/7/x001/000.p/255"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[TILE_PATH];
        struct tile back;
        CHECK_STR(tile_path(cases[i].t, path), cases[i].path);
        CHECK_OK(tile_path_parse(bytes_str(path), &back));
        CHECK(back.level == cases[i].t.level && back.n == cases[i].t.n &&
              back.width == cases[i].t.width);
    }
}

static void other_spellings_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "tile/0/1",
        "tile/0/x000/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/8/000",
        "tile/00/000",
        "tile/entries/000/",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile//000",
        "/tile/0/000",
        "tile/0/x001",
        "tile/0/001/000",
        "tile/0/../0/000",
        "tile/-1/000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct tile t;
        CHECK_ERR(tile_path_parse(bytes_str(bad[i]), &t), ERR_INVALID);
    }
}

static void seventy_thousand_leaves_lie_as_the_specification_says(void **state)
{
    (void)state;
    struct tile t;
    CHECK_INT(tile_full(0, 70000), 273);
    CHECK_INT(tile_partial(0, 70000), 112);
    CHECK_INT(tile_full(1, 70000), 1);
    CHECK_INT(tile_partial(1, 70000), 17);
    CHECK_INT(tile_full(2, 70000), 0);
    CHECK_INT(tile_partial(2, 70000), 1);
    CHECK_INT(tile_partial(3, 70000), 0);
    CHECK_INT(tile_full(TILE_ENTRIES, 70000), 273);
    CHECK(tile_at(0, 273, 70000, &t) && t.width == 112);
    CHECK(!tile_at(0, 274, 70000, &t));
    CHECK(!tile_at(3, 0, 70000, &t));
}

/* Level 0 and 1 tiles of a 600-leaf tree, built from the definition, hold every node that tile_of_node points to. */
static void every_node_is_found_where_tile_of_node_says(void **state)
{
    (void)state;
    enum { SIZE = 600 };
    static struct hash leaves[SIZE];
    for (size_t i = 0; i < SIZE; i++)
        leaves[i] = naive_leaf(i);
    for (unsigned level = 0; level < 11; level++) {
        for (uint64_t i = 0; i <= (uint64_t)SIZE >> level; i++) {
            struct tile t;
            unsigned slot = 0;
            unsigned count = 0;
            bool there = tile_of_node(level, i, SIZE, &t, &slot, &count);
            CHECK_INT(there, i < (uint64_t)SIZE >> level);
            if (!there)
                continue;
            struct hash row[TILE_WIDTH];
            for (unsigned k = 0; k < count; k++) {
                struct hash h;
                CHECK_OK(naive_read(t.level * 8, t.n * 256 + slot + k, &h, leaves));
                row[k] = h;
            }
            struct hash want;
            CHECK(slot + count <= t.width);
            CHECK_OK(naive_read(level, i, &want, leaves));
            CHECK(hash_eq(tile_fold(row[0].b, count), want));
        }
    }
}

static void a_bundle_gives_its_entries_back_and_a_cut_one_is_refused(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(BUNDLE_MAX);
    static uint8_t big[BUNDLE_ENTRY_MAX + 1];
    CHECK_OK(bundle_put(&b, bytes_str("one")));
    CHECK_OK(bundle_put(&b, bytes_of(NULL, 0)));
    CHECK_OK(bundle_put(&b, bytes_of(big, BUNDLE_ENTRY_MAX)));
    CHECK_ERR(bundle_put(&b, bytes_of(big, sizeof big)), ERR_TOOBIG);
    struct bytes rest = buf_bytes(&b);
    struct bytes entry;
    CHECK_OK(bundle_next(&rest, &entry));
    CHECK_BYTES(entry, bytes_str("one"));
    CHECK_OK(bundle_next(&rest, &entry));
    CHECK_INT(entry.n, 0);
    CHECK_OK(bundle_next(&rest, &entry));
    CHECK_INT(entry.n, BUNDLE_ENTRY_MAX);
    CHECK_ERR(bundle_next(&rest, &entry), ERR_NOTFOUND);
    for (size_t n = 1; n < 5; n++) {
        rest = bytes_of(b.p, n);
        CHECK_ERR(bundle_next(&rest, &entry), ERR_INVALID);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(names_are_those_of_the_specification),
        CASE(other_spellings_are_refused),
        CASE(seventy_thousand_leaves_lie_as_the_specification_says),
        CASE(every_node_is_found_where_tile_of_node_says),
        CASE(a_bundle_gives_its_entries_back_and_a_cut_one_is_refused),
    };
    return RUN(cases, argc, argv);
}
