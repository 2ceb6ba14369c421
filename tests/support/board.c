/* board.c - see board.h. */
#include "support/board.h"

#include "base/hex.h"
#include "support/check.h"

#include <stdio.h>

static struct buf roster_text; /* the contract's own example */

void board_seed(unsigned i, uint8_t out[NOTE_SEED])
{
    memset(out, (int)(0x40 + i), NOTE_SEED);
}

struct vkey board_governor(unsigned i)
{
    uint8_t seed[NOTE_SEED];
    char name[64];
    struct vkey k;
    board_seed(i, seed);
    (void)snprintf(name, sizeof name, "board%u.example/gov", i);
    CHECK_OK(vkey_make(bytes_str(name), VKEY_ED25519, note_public(seed), &k));
    return k;
}

int board_begin(void **state)
{
    char path[600];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/roster.json", tests_dir("vectors/contract/valid"));
    slurp(path, &roster_text);
    return 0;
}

int board_end(void **state)
{
    (void)state;
    buf_fini(&roster_text);
    return 0;
}

struct document *board_roster(int k, int version, const struct document *on)
{
    struct diag d = {0};
    struct document *doc = NULL;
    AUTO_JSON j = NULL;
    CHECK_OK(json_read(buf_bytes(&roster_text), 1 << 20, &j, &d));
    json_t *list = json_array();
    for (unsigned i = 0; i < BOARD_GOVERNORS; i++) {
        CLEANUP(buf_fini) struct buf b = BUF_INIT(512);
        struct vkey key = board_governor(i);
        CHECK_OK(vkey_put(&key, &b));
        CHECK_INT(json_array_append_new(list, json_string(buf_cstr(&b))), 0);
    }
    CHECK_INT(json_object_set_new(j, "governors", list), 0);
    CHECK_INT(json_object_set_new(j, "k", json_integer(k)), 0);
    CHECK_INT(json_object_set_new(j, "version", json_integer(version)), 0);
    if (on != NULL)
        CHECK_INT(json_object_set_new(j, "previous", json_string(hash_uri(document_hash(on)).s)),
                  0);
    CHECK_OK(document_of_json(DOCUMENT_ROSTER, j, NULL, &doc, &d));
    return doc;
}

void board_sign(const struct document *doc, unsigned who, struct buf *out)
{
    buf_init(out, 1 << 20);
    CHECK_OK(buf_put(out, document_note(doc)));
    CHECK_OK(buf_putc(out, '\n'));
    for (unsigned i = 0; i < BOARD_GOVERNORS; i++) {
        uint8_t seed[NOTE_SEED];
        struct vkey key = board_governor(i);
        board_seed(i, seed);
        if ((who >> i & 1) != 0)
            CHECK_OK(note_sign(document_note(doc), &key, seed, out));
    }
}
