/* tile.c - C2SP tlog-tiles: names and arithmetic. */
#include "core/tlog/tile.h"

#include "base/text.h"

static char *put_text(char *at, const char *s)
{
    while (*s != '\0')
        *at++ = *s++;
    return at;
}

static char *put_decimal(char *at, unsigned v)
{
    if (v >= 10)
        at = put_decimal(at, v / 10);
    *at++ = (char)('0' + v % 10);
    return at;
}

/* 1234067 -> x001/x234/067 */
static char *put_groups(char *at, uint64_t n)
{
    char group[7][3]; /* 1000^7 > 2^64 */
    unsigned count = 0;
    do {
        unsigned v = (unsigned)(n % 1000);
        group[count][0] = (char)('0' + v / 100);
        group[count][1] = (char)('0' + v / 10 % 10);
        group[count][2] = (char)('0' + v % 10);
        count++;
        n /= 1000;
    } while (n > 0);
    while (count-- > 0) {
        if (count > 0)
            *at++ = 'x';
        memcpy(at, group[count], 3);
        at += 3;
        if (count > 0)
            *at++ = '/';
    }
    return at;
}

const char *tile_path(struct tile t, char out[TILE_PATH])
{
    char *at = put_text(out, "tile/");
    at = t.level == TILE_ENTRIES ? put_text(at, "entries") : put_decimal(at, t.level);
    *at++ = '/';
    at = put_groups(at, t.n);
    if (t.width < TILE_WIDTH) {
        at = put_text(at, ".p/");
        at = put_decimal(at, t.width);
    }
    *at = '\0';
    return out;
}

static bool take(struct bytes *rest, const char *word)
{
    if (!bytes_begin(*rest, bytes_str(word)))
        return false;
    *rest = bytes_skip(*rest, strlen(word));
    return true;
}

static enum err take_level(struct bytes *rest, unsigned *level)
{
    if (take(rest, "entries")) {
        *level = TILE_ENTRIES;
        return OK;
    }
    if (rest->n == 0 || rest->p[0] < '0' || rest->p[0] >= '0' + TILE_LEVELS)
        return ERR_INVALID;
    *level = (unsigned)(rest->p[0] - '0');
    *rest = bytes_skip(*rest, 1);
    return OK;
}

static enum err take_groups(struct bytes *rest, uint64_t *n)
{
    uint64_t v = 0;
    for (bool more = true; more;) {
        more = take(rest, "x");
        if (rest->n < 3)
            return ERR_INVALID;
        for (size_t i = 0; i < 3; i++) {
            if (rest->p[i] < '0' || rest->p[i] > '9' || v > TREE_SIZE_MAX / 10)
                return ERR_INVALID;
            v = v * 10 + (uint64_t)(rest->p[i] - '0');
        }
        *rest = bytes_skip(*rest, 3);
        if (more && !take(rest, "/"))
            return ERR_INVALID;
    }
    *n = v;
    return OK;
}

enum err tile_path_parse(struct bytes path, struct tile *out)
{
    struct tile t = {.width = TILE_WIDTH};
    struct bytes rest = path;
    char again[TILE_PATH];
    uint64_t width = TILE_WIDTH;
    if (path.n >= TILE_PATH || !take(&rest, "tile/") || take_level(&rest, &t.level) ||
        !take(&rest, "/") || take_groups(&rest, &t.n))
        return ERR_INVALID;
    if (rest.n > 0 && (!take(&rest, ".p/") || parse_u64(rest, TILE_WIDTH - 1, &width)))
        return ERR_INVALID;
    t.width = (unsigned)width;
    /* Other spellings of the same number (x000/001) fall here. */
    if (width == 0 || !bytes_eq(bytes_str(tile_path(t, again)), path))
        return ERR_INVALID;
    *out = t;
    return OK;
}

static unsigned shift_of(unsigned level)
{
    return level == TILE_ENTRIES ? 0 : level * TILE_HEIGHT;
}

uint64_t tile_full(unsigned level, uint64_t size)
{
    return (size >> shift_of(level)) / TILE_WIDTH;
}

unsigned tile_partial(unsigned level, uint64_t size)
{
    return (unsigned)((size >> shift_of(level)) % TILE_WIDTH);
}

bool tile_at(unsigned level, uint64_t n, uint64_t size, struct tile *out)
{
    uint64_t full = tile_full(level, size);
    unsigned width = n < full ? TILE_WIDTH : n == full ? tile_partial(level, size) : 0;
    if (width == 0)
        return false;
    *out = (struct tile){.level = level, .n = n, .width = width};
    return true;
}

struct hash tile_fold(const uint8_t *hashes, unsigned count)
{
    struct hash row[TILE_WIDTH];
    memcpy(row, hashes, (size_t)count * sizeof row[0]);
    for (; count > 1; count /= 2) {
        for (unsigned i = 0; i < count / 2; i++)
            row[i] = tree_node_hash(row[(size_t)2 * i], row[(size_t)2 * i + 1]);
    }
    return row[0];
}

bool tile_of_node(unsigned level, uint64_t index, uint64_t size, struct tile *t, unsigned *slot,
                  unsigned *count)
{
    if (level > 62 || index >= size >> level)
        return false;
    unsigned height = level % TILE_HEIGHT;
    uint64_t first = index << height; /* below 2^63, for the node lies in the tree */
    if (!tile_at(level / TILE_HEIGHT, first / TILE_WIDTH, size, t))
        return false;
    *slot = (unsigned)(first % TILE_WIDTH);
    *count = 1U << height;
    return true;
}
