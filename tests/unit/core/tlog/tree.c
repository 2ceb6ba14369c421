/* Tests of core/tlog/tree. Oracles: the vectors published with transparency-dev/merkle (rfc6962_test.go, constants.go), the
 * 256-leaf root of log-and-security.md 6, and RFC 6962's recursive definition written out here. */
#include "core/tlog/tree.h"

#include "base/hex.h"
#include "support/check.h"
#include "support/naive_tree.h"

#include <stdio.h>

static void the_published_hashes_come_out(void **state)
{
    (void)state;
    struct hash left = {{0}};
    CHECK_STR(hash_hex(tree_empty_root()).s,
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_STR(hash_hex(tree_leaf_hash(bytes_of(NULL, 0))).s,
              "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    CHECK_STR(hash_hex(tree_leaf_hash(bytes_str("L123456"))).s,
              "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
    CHECK(
        !hash_eq(tree_node_hash(left, tree_empty_root()), tree_node_hash(tree_empty_root(), left)));
}

static void the_reference_tree_has_its_published_roots(void **state)
{
    (void)state;
    static const char *const roots[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    static const char *const leaves[] = {"",         "00",       "10",       "2021", "3031",
                                         "40414243", "50515253", "60616263", ""};
    struct tree t;
    tree_init(&t);
    for (size_t i = 0; i <= 8; i++) {
        uint8_t leaf[16];
        CHECK_STR(hash_hex(tree_root(&t)).s, roots[i]);
        if (i == 8)
            return;
        const char *text = i == 6   ? "5051525354555657"
                           : i == 7 ? "606162636465666768696a6b6c6d6e6f"
                                    : leaves[i];
        CHECK_OK(hex_decode(bytes_str(text), leaf, strlen(text) / 2));
        tree_append(&t, tree_leaf_hash(bytes_of(leaf, strlen(text) / 2)));
    }
}

static void two_hundred_and_fifty_six_leaves_have_the_published_root(void **state)
{
    (void)state;
    struct tree t;
    tree_init(&t);
    for (int i = 0; i < 256; i++) {
        char leaf[24];
        (void)snprintf(leaf, sizeof leaf, "leaf %d", i);
        tree_append(&t, tree_leaf_hash(bytes_str(leaf)));
    }
    CHECK_STR(hash_hex(tree_root(&t)).s,
              "cf5effdb11d0927a2edf53b0e73c7837f659414e00537da5d90eb5c4c49ff274");
}

static void every_size_has_the_root_of_the_recursive_definition(void **state)
{
    (void)state;
    struct tree t;
    struct hash leaves[130];
    tree_init(&t);
    for (size_t i = 0; i < 130; i++) {
        leaves[i] = naive_leaf(i);
        tree_append(&t, leaves[i]);
        CHECK(hash_eq(tree_root(&t), naive_root(leaves, i + 1)));
    }
}

static void a_tree_loaded_from_its_nodes_grows_on_alike(void **state)
{
    (void)state;
    struct hash leaves[70];
    for (size_t i = 0; i < 70; i++)
        leaves[i] = naive_leaf(i);
    for (uint64_t size = 0; size < 70; size++) {
        struct tree t;
        CHECK_OK(tree_load(size, naive_read, leaves, &t));
        CHECK(hash_eq(tree_root(&t), naive_root(leaves, size)));
        tree_append(&t, leaves[size]);
        CHECK(hash_eq(tree_root(&t), naive_root(leaves, size + 1)));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(the_published_hashes_come_out),
        CASE(the_reference_tree_has_its_published_roots),
        CASE(two_hundred_and_fifty_six_leaves_have_the_published_root),
        CASE(every_size_has_the_root_of_the_recursive_definition),
        CASE(a_tree_loaded_from_its_nodes_grows_on_alike),
    };
    return RUN(cases, argc, argv);
}
