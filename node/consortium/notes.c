/* notes.c - signed notes as files. */
#include "node/consortium/notes.h"

#include "base/hex.h"
#include "core/identity/note.h"
#include "host/say.h"
#include "host/sealed_key.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>

int note_file_read(const char *path, struct buf *text, struct buf *signatures)
{
    CLEANUP(buf_fini) struct buf all = BUF_INIT(NOTE_FILE_MAX);
    struct note n;
    enum document_kind kind = DOCUMENT_REQUEST;
    struct bytes json;
    enum err e = file_read(AT_FDCWD, path, NOTE_FILE_MAX, &all);
    if (e)
        return complain(EXIT_NOINPUT, "%s: cannot be read (%s)", shown(path), err_name(e));
    buf_clear(text);
    buf_clear(signatures);
    if (note_parse(buf_bytes(&all), &n) == OK) {
        (void)buf_put(text, n.text);
        e = buf_put(signatures, n.lines);
    } else if (document_note_split(buf_bytes(&all), &kind, &json) == OK) {
        e = buf_put(text, buf_bytes(&all));
    } else {
        return complain(EXIT_DATA, "%s: neither a signed note nor a draft of one", shown(path));
    }
    return e || buf_err(text) ? complain(EXIT_AGAIN, "out of memory") : EXIT_OK;
}

int note_file_write(const char *out, struct bytes text, struct bytes signatures)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)2 * NOTE_FILE_MAX);
    (void)buf_put(&b, text);
    if (signatures.n > 0) {
        (void)buf_putc(&b, '\n');
        (void)buf_put(&b, signatures);
    }
    if (buf_err(&b))
        return complain(EXIT_AGAIN, "out of memory");
    if (out == NULL) {
        bool ok = fwrite(b.p, 1, b.n, stdout) == b.n && fflush(stdout) == 0;
        return ok ? EXIT_OK : complain(EXIT_IO, "the result cannot be written");
    }
    enum err e = file_create(AT_FDCWD, out, buf_bytes(&b), 0644);
    if (e == ERR_CONFLICT)
        return complain(EXIT_CANTCREATE, "%s: there already: name another file", shown(out));
    return e ? complain(EXIT_CANTCREATE, "%s: cannot be written (%s)", shown(out), err_name(e))
             : EXIT_OK;
}

int notes_open(const char *path, enum document_kind kind, const struct document *before,
               struct document **doc, struct buf *signatures)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(NOTE_FILE_MAX);
    struct diag d = {0};
    AUTO(document) got = NULL;
    int code = note_file_read(path, &text, signatures);
    if (code)
        return code;
    enum err e = document_of_note(buf_bytes(&text), before, &got, &d);
    if (e)
        return complain_diag(e, shown(path), &d);
    if (document_kind(got) != kind)
        return complain(EXIT_DATA, "%s: a %s, not a %s", shown(path),
                        document_kind_name(document_kind(got)), document_kind_name(kind));
    *doc = MOVE(got);
    return EXIT_OK;
}

static int governor_seed(const struct options *o, const char *gov_file, struct vkey *key,
                         struct secret **seed)
{
    struct diag d = {0};
    AUTO(secret) passphrase = NULL;
    AUTO_FD int dir = -1;
    const char *state = state_dir(&o->state);
    struct passphrase_source from = {.fd = -1,
                                     .file = gov_file,
                                     .credential = "gov-passphrase",
                                     .prompt = "Passphrase of the governor key"};
    enum err e = dir_open(AT_FDCWD, state, &dir);
    if (!e)
        e = sealed_key_public(dir, "gov.key", key);
    if (e)
        return complain(EXIT_NOINPUT,
                        "%s/gov.key: no governor key here (%s): name the node's "
                        "folder with --state",
                        shown(state), err_name(e));
    e = passphrase_get(&from, &passphrase, &d);
    if (!e)
        e = sealed_key_open(dir, "gov.key", passphrase, seed, &d);
    return e ? complain_diag(e, "gov.key", &d) : EXIT_OK;
}

int notes_sign(const struct options *o, const char *gov_file, const char *path, const char *out,
               enum document_kind kind)
{
    CLEANUP(buf_fini) struct buf lines = BUF_INIT(NOTE_FILE_MAX);
    char words[FINGERPRINT_TEXT];
    AUTO(document) doc = NULL;
    AUTO(secret) seed = NULL;
    struct vkey key;
    int code = notes_open(path, kind, NULL, &doc, &lines);
    if (code)
        return code;
    document_fingerprint(document_hash(doc), words);
    (void)fprintf(stderr, "%s version %llu, fingerprint: %s\n", document_kind_name(kind),
                  (unsigned long long)document_version(doc), words);
    code = governor_seed(o, gov_file, &key, &seed);
    if (code)
        return code;
    enum err e = note_sign(document_note(doc), &key, secret_borrow(seed), &lines);
    secret_give_back(seed);
    if (e)
        return complain(EXIT_BUG, "signing failed (%s)", err_name(e));
    return note_file_write(out, document_note(doc), buf_bytes(&lines));
}

/* Adds the lines that are not there yet. */
static enum err add_lines(struct buf *all, struct bytes lines)
{
    while (lines.n > 0) {
        const uint8_t *lf = memchr(lines.p, '\n', lines.n);
        size_t n = lf == NULL ? lines.n : (size_t)(lf - lines.p) + 1;
        struct bytes line = bytes_of(lines.p, n);
        if (all->n == 0 || memmem(all->p, all->n, line.p, line.n) == NULL) {
            enum err e = buf_put(all, line);
            if (e)
                return e;
        }
        lines = bytes_skip(lines, n);
    }
    return OK;
}

int notes_merge(char **files, int n, const char *out, enum document_kind kind)
{
    CLEANUP(buf_fini) struct buf all = BUF_INIT(NOTE_FILE_MAX);
    AUTO(document) first = NULL;
    for (int i = 0; i < n; i++) {
        CLEANUP(buf_fini) struct buf lines = BUF_INIT(NOTE_FILE_MAX);
        AUTO(document) doc = NULL;
        int code = notes_open(files[i], kind, NULL, &doc, &lines);
        if (code)
            return code;
        if (first != NULL && !hash_eq(document_hash(doc), document_hash(first)))
            return complain(EXIT_DATA, "%s: another %s than %s: only copies of one can be merged",
                            shown(files[i]), document_kind_name(kind), files[0]);
        if (add_lines(&all, buf_bytes(&lines)))
            return complain(EXIT_AGAIN, "out of memory");
        if (first == NULL)
            first = MOVE(doc);
    }
    if (first == NULL)
        return complain(EXIT_USAGE, "merge wants the files that were signed");
    notes_describe(first, kind == DOCUMENT_ROSTER ? first : NULL, buf_bytes(&all));
    return note_file_write(out, document_note(first), buf_bytes(&all));
}

void notes_describe(const struct document *doc, const struct document *by, struct bytes signatures)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)2 * NOTE_FILE_MAX);
    char words[FINGERPRINT_TEXT];
    unsigned valid = 0;
    unsigned need = 0;
    document_fingerprint(document_hash(doc), words);
    (void)fprintf(stderr, "%s version %llu\nfingerprint: %s\n",
                  document_kind_name(document_kind(doc)), (unsigned long long)document_version(doc),
                  words);
    (void)buf_put(&note, document_note(doc));
    (void)buf_putc(&note, '\n');
    (void)buf_put(&note, signatures);
    if (by != NULL && !buf_err(&note) && governors_count(by, buf_bytes(&note), &valid, &need) == OK)
        (void)fprintf(stderr, "%u of the %u signatures that it needs\n", valid, need);
}
