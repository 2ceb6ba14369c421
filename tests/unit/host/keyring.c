/* Tests of host/keyring and host/sealed_key. */
#include "host/keyring.h"
#include "host/sealed_key.h"
#include "io/files.h"
#include "support/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static const struct keyring_identity who = {
    .federation = "fed.example/ward7", .id = "site-a", .name = "St. A"};

static struct secret *text(const char *s)
{
    struct secret *out = NULL;
    CHECK_OK(secret_copy(bytes_str(s), &out));
    return out;
}

static int folder(const char *name)
{
    int at = -1;
    int fd = -1;
    CHECK_OK(dir_open(AT_FDCWD, scratch_dir(), &at));
    CHECK_OK(dir_make(at, name, 0700));
    CHECK_OK(dir_open(at, name, &fd));
    (void)close(at);
    return fd;
}

static struct keyring *make(int dir, char words[RECOVERY_TEXT])
{
    AUTO(secret) pass = text("correct horse");
    struct keyring *k = NULL;
    CHECK_OK(keyring_create(dir, &who, pass, KDF_INTERACTIVE, words, &k));
    return k;
}

static void the_passphrase_gives_back_every_key(void **state)
{
    (void)state;
    char words[RECOVERY_TEXT];
    AUTO_FD int dir = folder("a");
    AUTO(keyring) made = make(dir, words);
    AUTO(secret) pass = text("correct horse");
    AUTO(keyring) k = NULL;
    struct diag d = {0};
    CHECK_OK(keyring_open(dir, pass, &k, &d));
    for (int i = 0; i < KEYRING_COUNT; i++)
        CHECK(secret_eq(keyring_secret(made, (enum keyring_key)i),
                        keyring_secret(k, (enum keyring_key)i)));
    CHECK(secret_eq(keyring_pseudonym_key(made), keyring_pseudonym_key(k)));
    CHECK_STR(keyring_who(k)->id, "site-a");
    struct stat st;
    CHECK(fstatat(dir, "keyring", &st, 0) == 0 && (st.st_mode & 0777) == 0600);
}

static void another_passphrase_is_denied_in_words(void **state)
{
    (void)state;
    char words[RECOVERY_TEXT];
    AUTO_FD int dir = folder("b");
    keyring_free(make(dir, words));
    AUTO(secret) pass = text("wrong horse");
    AUTO(keyring) k = NULL;
    struct diag d = {0};
    CHECK_ERR(keyring_open(dir, pass, &k, &d), ERR_DENIED);
    CHECK(strstr(d.text, "recovery words") != NULL);
}

static void the_recovery_words_open_it_and_set_a_new_passphrase(void **state)
{
    (void)state;
    char words[RECOVERY_TEXT];
    AUTO_FD int dir = folder("c");
    keyring_free(make(dir, words));
    AUTO(secret) fresh = text("battery staple");
    AUTO(secret) old = text("correct horse");
    AUTO(keyring) k = NULL;
    AUTO(keyring) again = NULL;
    struct diag d = {0};
    CHECK_OK(keyring_open_recovery(dir, bytes_str(words), &k, &d));
    CHECK_OK(keyring_change_passphrase(dir, k, fresh, KDF_INTERACTIVE));
    CHECK_ERR(keyring_open(dir, old, &again, &d), ERR_DENIED);
    CHECK_OK(keyring_open(dir, fresh, &again, &d));
    CHECK(secret_eq(keyring_secret(k, KEYRING_DATABASE), keyring_secret(again, KEYRING_DATABASE)));
    words[0] = words[0] == 'b' ? 'd' : 'b';
    keyring_free(MOVE(again));
    CHECK_ERR(keyring_open_recovery(dir, bytes_str(words), &again, &d), ERR_DENIED);
}

static void every_changed_byte_of_the_file_is_refused(void **state)
{
    (void)state;
    char words[RECOVERY_TEXT];
    AUTO_FD int dir = folder("d");
    AUTO(keyring) made = make(dir, words);
    CLEANUP(buf_fini) struct buf file = BUF_INIT(65536);
    CHECK_OK(file_read(dir, "keyring", 65536, &file));
    /* The recovery slot opens without Argon2, so every byte can be tried; those of the passphrase slot, of the time and of
     * member names that nobody reads are not bound to it. */
    size_t refused = 0;
    for (size_t i = 0; i < file.n; i++) {
        AUTO(keyring) k = NULL;
        struct diag d = {0};
        file.p[i] ^= 1;
        CHECK_OK(file_replace(dir, "keyring", buf_bytes(&file), 0600));
        enum err e = keyring_open_recovery(dir, bytes_str(words), &k, &d);
        refused += e != OK;
        CHECK(e == OK || d.text[0] != '\0');
        for (int j = 0; e == OK && j < KEYRING_COUNT; j++)
            CHECK(secret_eq(keyring_secret(made, (enum keyring_key)j),
                            keyring_secret(k, (enum keyring_key)j)));
        file.p[i] ^= 1;
    }
    CHECK(refused > file.n / 2);
}

static void a_second_keyring_is_never_made_over_the_first(void **state)
{
    (void)state;
    char words[RECOVERY_TEXT];
    AUTO_FD int dir = folder("e");
    keyring_free(make(dir, words));
    AUTO(secret) pass = text("correct horse");
    AUTO(keyring) k = NULL;
    CHECK_ERR(keyring_create(dir, &who, pass, KDF_INTERACTIVE, words, &k), ERR_CONFLICT);
}

static void a_sealed_key_opens_under_its_own_passphrase(void **state)
{
    (void)state;
    AUTO_FD int dir = folder("f");
    AUTO(secret) pass = text("lead passphrase");
    AUTO(secret) wrong = text("other passphrase");
    AUTO(secret) seed = NULL;
    struct vkey made;
    struct vkey pub;
    struct diag d = {0};
    CHECK_OK(sealed_key_create(dir, "lead.key", "fed.example/ward7/site-a/lead", pass,
                               KDF_INTERACTIVE, &made));
    CHECK_OK(sealed_key_public(dir, "lead.key", &pub));
    CHECK(memcmp(made.key.b, pub.key.b, 32) == 0);
    CHECK_OK(sealed_key_open(dir, "lead.key", pass, &seed, &d));
    CHECK_INT(secret_size(seed), 32);
    secret_free(MOVE(seed));
    CHECK_ERR(sealed_key_open(dir, "lead.key", wrong, &seed, &d), ERR_DENIED);
    CHECK_ERR(sealed_key_open(dir, "gov.key", pass, &seed, &d), ERR_NOTFOUND);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(the_passphrase_gives_back_every_key),
        CASE(another_passphrase_is_denied_in_words),
        CASE(the_recovery_words_open_it_and_set_a_new_passphrase),
        CASE(every_changed_byte_of_the_file_is_refused),
        CASE(a_second_keyring_is_never_made_over_the_first),
        CASE(a_sealed_key_opens_under_its_own_passphrase),
    };
    return RUN(cases, argc, argv);
}
