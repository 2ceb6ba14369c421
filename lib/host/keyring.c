/* keyring.c - the keyring file, made, opened and re-wrapped. */
#include "host/keyring.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/rng.h"
#include "host/keyring_file.h"
#include "io/files.h"

#include <sodium.h>
#include <stdio.h>

static const char file_name[] = "keyring";
static const char *const key_names[KEYRING_COUNT] = {"database", "log",    "message", "witness",
                                                     "sum",      "x25519", "curve"};

struct keyring {
    struct keyring_identity who;
    json_t *doc; /* as in the file */
    struct secret *master;
    struct secret *keys[KEYRING_COUNT];
    struct secret *pseudonym;
};

void keyring_free(struct keyring *k)
{
    if (k == NULL)
        return;
    json_decref(k->doc);
    secret_free(k->master);
    secret_free(k->pseudonym);
    for (size_t i = 0; i < KEYRING_COUNT; i++)
        secret_free(k->keys[i]);
    free(k);
}

struct secret *keyring_secret(struct keyring *k, enum keyring_key which)
{
    return k->keys[which];
}

const struct keyring_identity *keyring_who(const struct keyring *k)
{
    return &k->who;
}

struct secret *keyring_pseudonym_key(struct keyring *k)
{
    return k->pseudonym;
}

static size_t key_size(enum keyring_key which)
{
    return which == KEYRING_DATABASE ? 48 : 32;
}

static enum err subkey(struct secret *master, uint64_t id, const char context[8],
                       struct secret **out)
{
    enum err e = secret_new(32, out);
    if (e)
        return e;
    (void)crypto_kdf_derive_from_key(secret_borrow(*out), 32, id, context, secret_borrow(master));
    secret_give_back(master);
    secret_give_back(*out);
    return OK;
}

/* What a box is bound to: whose it is, what it is and, for a slot, how its key is made. */
static enum err additional(const struct keyring_identity *who, const char *what, const json_t *kdf,
                           struct buf *out)
{
    (void)buf_printf(out, "cloister-keyring/v1\n%s\n%s\n%s\n%s\n", who->federation, who->id,
                     who->name, what);
    return kdf == NULL ? buf_err(out) : json_canonical(kdf, out);
}

static enum err seal_slot(struct keyring *k, const char *kind, json_t *kdf, struct secret *key)
{
    CLEANUP(buf_fini) struct buf aad = BUF_INIT(4096);
    json_t *box = NULL;
    enum err e = additional(&k->who, kind, kdf, &aad);
    if (!e)
        e = box_seal(key, k->master, buf_bytes(&aad), &box);
    if (e)
        return e;
    json_t *slot = json_pack("{s:s, s:O, s:o}", "kind", kind, "kdf", kdf, "master", box);
    json_t *slots = json_object_get(k->doc, "slots");
    return slot != NULL && json_object_set_new(slots, kind, slot) == 0 ? OK : ERR_NOMEM;
}

static enum err seal_passphrase(struct keyring *k, struct secret *passphrase, enum keyring_kdf how)
{
    AUTO_JSON kdf = NULL;
    AUTO(secret) key = NULL;
    enum err e = slot_kdf_new(how, &kdf);
    if (!e)
        e = slot_kdf_key(kdf, passphrase, &key);
    return e ? e : seal_slot(k, "passphrase", kdf, key);
}

static enum err seal_recovery(struct keyring *k, char words[RECOVERY_TEXT])
{
    AUTO(secret) key = NULL;
    AUTO_JSON kdf = json_pack("{s:s}", "alg", "none");
    enum err e = kdf == NULL ? ERR_NOMEM : secret_new(BOX_KEY_SIZE, &key);
    if (e)
        return e;
    rng_fill(secret_borrow(key), BOX_KEY_SIZE);
    proquint_encode(bytes_of(secret_borrow(key), BOX_KEY_SIZE), words);
    secret_give_back(key);
    secret_give_back(key);
    return seal_slot(k, "recovery", kdf, key);
}

static enum err draw_key(struct keyring *k, struct secret *wrap, enum keyring_key which)
{
    CLEANUP(buf_fini) struct buf aad = BUF_INIT(4096);
    json_t *box = NULL;
    enum err e = secret_new(key_size(which), &k->keys[which]);
    if (e)
        return e;
    rng_fill(secret_borrow(k->keys[which]), key_size(which));
    secret_give_back(k->keys[which]);
    e = additional(&k->who, key_names[which], NULL, &aad);
    if (!e)
        e = box_seal(wrap, k->keys[which], buf_bytes(&aad), &box);
    if (e)
        return e;
    return json_object_set_new(json_object_get(k->doc, "keys"), key_names[which], box) == 0
               ? OK
               : ERR_NOMEM;
}

static enum err file_text(const struct keyring *k, struct buf *b)
{
    enum err e = json_canonical(k->doc, b);
    return e ? e : buf_putc(b, '\n');
}

enum err keyring_create(int dir, const struct keyring_identity *who, struct secret *passphrase,
                        enum keyring_kdf kdf, char words[RECOVERY_TEXT], struct keyring **out)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(KEYRING_FILE_MAX);
    AUTO(secret) wrap = NULL;
    AUTO(keyring) k = calloc(1, sizeof *k);
    if (k == NULL)
        return ERR_NOMEM;
    k->who = *who;
    k->doc = json_pack("{s:i, s:s, s:s, s:s, s:I, s:{}, s:{}}", "v", 1, "federation",
                       who->federation, "id", who->id, "name", who->name, "made_ms",
                       (json_int_t)clock_now_ms(), "slots", "keys");
    enum err e = k->doc == NULL ? ERR_NOMEM : secret_new(32, &k->master);
    if (e)
        return e;
    rng_fill(secret_borrow(k->master), 32);
    secret_give_back(k->master);
    e = subkey(k->master, 1, "keyring_", &wrap);
    for (size_t i = 0; !e && i < KEYRING_COUNT; i++)
        e = draw_key(k, wrap, (enum keyring_key)i);
    if (!e)
        e = subkey(k->master, 1, "pseudony", &k->pseudonym);
    if (!e)
        e = seal_passphrase(k, passphrase, kdf);
    if (!e)
        e = seal_recovery(k, words);
    if (!e)
        e = file_text(k, &b);
    if (!e)
        e = file_create(dir, file_name, buf_bytes(&b), 0600);
    if (e)
        return e;
    *out = MOVE(k);
    return OK;
}

static enum err take_text(const json_t *doc, const char *name, char *out, size_t size)
{
    const char *s = json_string_value(json_object_get(doc, name));
    if (s == NULL || strlen(s) >= size)
        return ERR_CORRUPT;
    (void)snprintf(out, size, "%s", s);
    return OK;
}

static enum err read_file(int dir, struct keyring *k, struct diag *d)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(KEYRING_FILE_MAX + 1);
    struct diag why = {0};
    enum err e = file_read(dir, file_name, KEYRING_FILE_MAX, &b);
    if (e == ERR_NOTFOUND)
        return diag_set(
            d, e,
            "no keyring here: make the node with `init` first, or name its folder with --state");
    if (e)
        return diag_set(d, e, "the keyring cannot be read (%s)", err_name(e));
    if (json_read(buf_bytes(&b), KEYRING_FILE_MAX, &k->doc, &why))
        return diag_set(d, ERR_CORRUPT,
                        "the keyring is damaged (%s): put the copy from your backup back",
                        why.text);
    if (json_integer_value(json_object_get(k->doc, "v")) != 1)
        return diag_set(
            d, ERR_CORRUPT,
            "the keyring is of a version that this program does not know: use a newer one");
    if (take_text(k->doc, "federation", k->who.federation, sizeof k->who.federation) ||
        take_text(k->doc, "id", k->who.id, sizeof k->who.id) ||
        take_text(k->doc, "name", k->who.name, sizeof k->who.name))
        return diag_set(
            d, ERR_CORRUPT,
            "the keyring is damaged (it names no owner): put the copy from your backup back");
    return OK;
}

static enum err open_slot(struct keyring *k, const char *kind, struct secret *key)
{
    CLEANUP(buf_fini) struct buf aad = BUF_INIT(4096);
    const json_t *slot = json_object_get(json_object_get(k->doc, "slots"), kind);
    const json_t *kdf = json_object_get(slot, "kdf");
    if (!json_is_object(kdf))
        return ERR_CORRUPT;
    enum err e = additional(&k->who, kind, kdf, &aad);
    return e ? e : box_open(key, json_object_get(slot, "master"), buf_bytes(&aad), &k->master);
}

static enum err open_keys(struct keyring *k, struct diag *d)
{
    AUTO(secret) wrap = NULL;
    enum err e = subkey(k->master, 1, "keyring_", &wrap);
    for (size_t i = 0; !e && i < KEYRING_COUNT; i++) {
        CLEANUP(buf_fini) struct buf aad = BUF_INIT(4096);
        const json_t *box = json_object_get(json_object_get(k->doc, "keys"), key_names[i]);
        e = additional(&k->who, key_names[i], NULL, &aad);
        if (!e)
            e = box_open(wrap, box, buf_bytes(&aad), &k->keys[i]);
        if (!e && secret_size(k->keys[i]) != key_size((enum keyring_key)i))
            e = ERR_CORRUPT;
        if (e)
            return diag_set(
                d, ERR_CORRUPT,
                "the keyring is damaged (key \"%s\"): put the copy from your backup back",
                key_names[i]);
    }
    return e ? e : subkey(k->master, 1, "pseudony", &k->pseudonym);
}

static enum err refuse_slot(enum err e, const char *what, struct diag *d)
{
    if (e == ERR_DENIED)
        return diag_set(d, e, "the %s does not open the keyring: try again, or use the %s", what,
                        what[0] == 'p' ? "recovery words (passwd --recovery)" : "passphrase");
    if (e == ERR_NOMEM)
        return diag_set(d, e,
                        "not enough memory to work out the key: 256 MiB are needed for a moment");
    return diag_set(d, ERR_CORRUPT,
                    "the keyring is damaged (its %s slot): put the copy from your backup back",
                    what);
}

enum err keyring_open(int dir, struct secret *passphrase, struct keyring **out, struct diag *d)
{
    AUTO(secret) key = NULL;
    AUTO(keyring) k = calloc(1, sizeof *k);
    if (k == NULL)
        return ERR_NOMEM;
    enum err e = read_file(dir, k, d);
    if (e)
        return e;
    const json_t *slot = json_object_get(json_object_get(k->doc, "slots"), "passphrase");
    e = slot_kdf_key(json_object_get(slot, "kdf"), passphrase, &key);
    if (!e)
        e = open_slot(k, "passphrase", key);
    if (e)
        return refuse_slot(e, "passphrase", d);
    e = open_keys(k, d);
    if (e)
        return e;
    *out = MOVE(k);
    return OK;
}

enum err keyring_open_recovery(int dir, struct bytes words, struct keyring **out, struct diag *d)
{
    AUTO(secret) key = NULL;
    AUTO(keyring) k = calloc(1, sizeof *k);
    if (k == NULL)
        return ERR_NOMEM;
    enum err e = read_file(dir, k, d);
    if (!e)
        e = secret_new(BOX_KEY_SIZE, &key);
    if (e)
        return e;
    e = proquint_decode(words, secret_borrow(key), BOX_KEY_SIZE);
    secret_give_back(key);
    if (e)
        return diag_set(d, ERR_INVALID, "these are not 16 recovery words of five letters");
    e = open_slot(k, "recovery", key);
    if (e)
        return refuse_slot(e, "recovery key", d);
    e = open_keys(k, d);
    if (e)
        return e;
    *out = MOVE(k);
    return OK;
}

enum err keyring_change_passphrase(int dir, struct keyring *k, struct secret *passphrase,
                                   enum keyring_kdf kdf)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(KEYRING_FILE_MAX);
    enum err e = seal_passphrase(k, passphrase, kdf);
    if (!e)
        e = file_text(k, &b);
    return e ? e : file_replace(dir, file_name, buf_bytes(&b), 0600);
}
