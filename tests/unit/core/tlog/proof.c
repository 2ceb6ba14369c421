/* Tests of core/tlog/proof. Oracles: RFC 6962's recursive definitions, and the published vectors of transparency-dev/merkle
 * where the shared data is on this machine. */
#include "core/tlog/proof.h"

#include "base/hex.h"
#include "support/check.h"
#include "support/naive_tree.h"

#include <jansson.h>

enum { N = 64 };
static struct hash leaves[N];

static void proofs_are_those_of_the_definition_for_every_pair_to_64(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= N; size++) {
        struct hash root = naive_root(leaves, size);
        for (uint64_t m = 0; m < size; m++) {
            struct proof p;
            struct proof want = {.n = 0};
            naive_path(m, leaves, size, &want);
            CHECK_OK(proof_inclusion(m, size, naive_read, leaves, &p));
            CHECK_INT(p.n, want.n);
            CHECK(memcmp(p.h, want.h, p.n * sizeof p.h[0]) == 0);
            CHECK(proof_includes(&p, m, size, leaves[m], root));

            want.n = 0;
            naive_subproof(m + 1, leaves, size, true, &want);
            CHECK_OK(proof_consistency(m + 1, size, naive_read, leaves, &p));
            CHECK_INT(p.n, want.n);
            CHECK(memcmp(p.h, want.h, p.n * sizeof p.h[0]) == 0);
            CHECK(proof_consistent(&p, m + 1, naive_root(leaves, m + 1), size, root));
        }
    }
}

/* Every way to bend a good proof by one thing. */
static void bent_inclusion_is_refused(const struct proof *good, uint64_t m, uint64_t size)
{
    struct hash root = naive_root(leaves, size);
    struct proof p = *good;
    for (size_t i = 0; i < p.n; i++) {
        p.h[i].b[i % 32] ^= 1;
        CHECK(!proof_includes(&p, m, size, leaves[m], root));
        p.h[i].b[i % 32] ^= 1;
    }
    if (p.n > 0) {
        p.n--;
        CHECK(!proof_includes(&p, m, size, leaves[m], root));
        p.n++;
    }
    p.h[p.n++] = root;
    CHECK(!proof_includes(&p, m, size, leaves[m], root));
    for (uint64_t other = 0; other < size; other++)
        CHECK(other == m || !proof_includes(good, other, size, leaves[m], root));
    CHECK(!proof_includes(good, m, size, naive_leaf(1000), root));
    CHECK(!proof_includes(good, m, size, leaves[m], naive_leaf(1000)));
}

static void a_proof_bent_in_any_hash_place_or_length_is_refused(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= 33; size++) {
        for (uint64_t m = 0; m < size; m++) {
            struct proof p;
            CHECK_OK(proof_inclusion(m, size, naive_read, leaves, &p));
            bent_inclusion_is_refused(&p, m, size);
        }
    }
}

static void a_consistency_proof_bent_in_any_hash_or_root_is_refused(void **state)
{
    (void)state;
    for (uint64_t to = 2; to <= 33; to++) {
        struct hash new = naive_root(leaves, to);
        for (uint64_t from = 1; from < to; from++) {
            struct hash old = naive_root(leaves, from);
            struct proof p;
            CHECK_OK(proof_consistency(from, to, naive_read, leaves, &p));
            for (size_t i = 0; i < p.n; i++) {
                p.h[i].b[0] ^= 0x80;
                CHECK(!proof_consistent(&p, from, old, to, new));
                p.h[i].b[0] ^= 0x80;
            }
            CHECK(!proof_consistent(&p, from, naive_leaf(99), to, new));
            CHECK(!proof_consistent(&p, from, old, to, naive_leaf(99)));
            p.n--;
            CHECK(!proof_consistent(&p, from, old, to, new));
            p.n += 2;
            p.h[p.n - 1] = new;
            CHECK(!proof_consistent(&p, from, old, to, new));
        }
    }
}

static void nothing_is_consistent_with_the_empty_tree(void **state)
{
    (void)state;
    struct proof p = {.n = 0};
    CHECK(!proof_consistent(&p, 0, tree_empty_root(), 0, tree_empty_root()));
    CHECK(!proof_consistent(&p, 0, tree_empty_root(), 5, naive_root(leaves, 5)));
    CHECK_ERR(proof_consistency(0, 5, naive_read, leaves, &p), ERR_INVALID);
    CHECK_ERR(proof_inclusion(5, 5, naive_read, leaves, &p), ERR_INVALID);
    CHECK(!proof_includes(&p, 0, 0, leaves[0], leaves[0]));
}

static struct hash hash_at(const json_t *o, const char *key)
{
    struct hash h = {{0}};
    size_t n = 0;
    const char *text = json_string_value(json_object_get(o, key));
    /* The refused vectors hold broken roots too; a short one is no hash, so no proof can lead to it. */
    if (text == NULL || base64_decode(bytes_str(text), h.b, sizeof h.b, &n) || n != sizeof h.b)
        memset(h.b, 0xee, sizeof h.b);
    return h;
}

static struct proof proof_at(const json_t *inputs)
{
    struct proof p = {.n = 0};
    size_t i = 0;
    const json_t *v = NULL;
    json_array_foreach(json_object_get(inputs, "proof"), i, v)
    {
        size_t n = 0;
        CHECK(p.n < PROOF_MAX);
        CHECK_OK(base64_decode(bytes_str(json_string_value(v)), p.h[p.n].b, 32, &n));
        p.n++;
    }
    return p;
}

static uint64_t number_at(const json_t *o, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(o, key));
}

static void the_published_vectors_are_judged_as_published(void **state)
{
    (void)state;
    const char *const files[] = {"inclusion_proofs.json", "consistency_proofs.json"};
    for (size_t f = 0; f < 2; f++) {
        char name[64] = "reference/merkle/";
        (void)strncat(name, files[f], sizeof name - strlen(name) - 1);
        const char *path = data_dir(name);
        if (path == NULL) {
            print_message("skipped: %s is not on this machine\n", name);
            continue;
        }
        json_t *all = json_load_file(path, 0, NULL);
        size_t i = 0;
        const json_t *c = NULL;
        CHECK(json_array_size(json_object_get(all, "cases")) > 0);
        json_array_foreach(json_object_get(all, "cases"), i, c)
        {
            const json_t *in = json_object_get(c, "inputs");
            struct proof p = proof_at(in);
            bool want = json_is_true(json_object_get(json_object_get(c, "expected"), "valid"));
            bool got = f == 0
                           ? proof_includes(&p, number_at(in, "leafIdx"), number_at(in, "treeSize"),
                                            hash_at(in, "leafHash"), hash_at(in, "root"))
                           : proof_consistent(&p, number_at(in, "size1"), hash_at(in, "root1"),
                                              number_at(in, "size2"), hash_at(in, "root2"));
            CHECK_INT(got, want);
        }
        json_decref(all);
    }
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < N; i++)
        leaves[i] = naive_leaf(i);
    const struct CMUnitTest cases[] = {
        CASE(proofs_are_those_of_the_definition_for_every_pair_to_64),
        CASE(a_proof_bent_in_any_hash_place_or_length_is_refused),
        CASE(a_consistency_proof_bent_in_any_hash_or_root_is_refused),
        CASE(nothing_is_consistent_with_the_empty_tree),
        CASE(the_published_vectors_are_judged_as_published),
    };
    return RUN(cases, argc, argv);
}
