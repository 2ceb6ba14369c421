/* campaign_cmd.c - `campaign`: written as plain files, checked, signed with the lead's key. Needs no daemon: how a campaign is made
 * and how it is carried are two things. */
#include "base/hex.h"
#include "base/sha256.h"
#include "core/identity/document.h"
#include "core/identity/note.h"
#include "host/options.h"
#include "host/say.h"
#include "io/files.h"
#include "node/commands.h"
#include "node/desk/inbox.h"
#include "node/replies_cmd.h"
#include "node/signing.h"
#include "node/vault/assets.h"
#include "templates.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = 1024 * 1024 };

static const char *const kinds[] = {"text", "image", "audio", "video", "series", "session"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* A campaign's folder, read: the campaign with its guidelines' hashes filled in. */
struct folder {
    int dir;
    struct document *guidelines[KINDS];
    struct document *campaign;
};

static void folder_fini(struct folder *f)
{
    for (size_t i = 0; i < KINDS; i++)
        document_free(f->guidelines[i]);
    document_free(f->campaign);
    fd_auto(&f->dir);
}

/* --- new --- */

/* Federation and site of the node whose folder is named, from its request: so that a template fits at once. */
static void own_names(const char *state, char federation[101], char site[33])
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(FILE_MAX);
    AUTO_FD int dir = -1;
    AUTO(document) doc = NULL;
    struct note n;
    (void)snprintf(federation, 101, "fed.example");
    (void)snprintf(site, 33, "site-a");
    if (dir_open(AT_FDCWD, state, &dir) || file_read(dir, "request.note", FILE_MAX, &b) ||
        note_parse(buf_bytes(&b), &n) || document_of_note(n.text, NULL, &doc, NULL))
        return;
    const char *f = json_string_value(json_object_get(document_json(doc), "federation"));
    const char *s = json_string_value(json_object_get(document_json(doc), "id"));
    (void)snprintf(federation, 101, "%s", f == NULL ? "fed.example" : f);
    (void)snprintf(site, 33, "%s", s == NULL ? "site-a" : s);
}

static enum err write_template(int dir, const char *name, const char *text, const char *federation,
                               const char *site)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(FILE_MAX);
    for (const char *p = text; *p != '\0';) {
        if (strncmp(p, "@FEDERATION@", 12) == 0) {
            (void)buf_puts(&b, federation);
            p += 12;
        } else if (strncmp(p, "@SITE@", 6) == 0) {
            (void)buf_puts(&b, site);
            p += 6;
        } else {
            (void)buf_putc(&b, *p++);
        }
    }
    return buf_err(&b) ? buf_err(&b) : file_create(dir, name, buf_bytes(&b), 0644);
}

static int campaign_new(const struct options *o, const char *path)
{
    char federation[101];
    char site[33];
    AUTO_FD int dir = -1;
    own_names(state_dir(&o->state), federation, site);
    if (mkdirat(AT_FDCWD, path, 0755) != 0 || dir_open(AT_FDCWD, path, &dir))
        return complain(EXIT_CANTCREATE, "%s: cannot be made: name a folder that is not there yet",
                        shown(path));
    for (size_t i = 0; i < templates_count; i++) {
        enum err e = write_template(dir, templates[i].name, (const char *)templates[i].begin,
                                    federation, site);
        if (e)
            return complain(EXIT_CANTCREATE, "%s/%s: cannot be written (%s)", shown(path),
                            templates[i].name, err_name(e));
        (void)printf("%s/%s\n", path, templates[i].name);
    }
    return EXIT_OK;
}

/* --- check --- */

static int read_doc(struct folder *f, const char *path, const char *name, enum document_kind kind,
                    const struct document *on, const json_t *fill, struct document **out)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(FILE_MAX + 1);
    CLEANUP(buf_fini) struct buf canonical = BUF_INIT((size_t)2 * FILE_MAX);
    struct diag d = {0};
    char where[1200];
    AUTO_JSON doc = NULL;
    (void)snprintf(where, sizeof where, "%.1000s/%s", shown(path), name);
    enum err e = file_read(f->dir, name, FILE_MAX, &b);
    if (e)
        return complain(EXIT_NOINPUT, "%s: cannot be read (%s)", where, err_name(e));
    e = json_read(buf_bytes(&b), FILE_MAX, &doc, &d);
    if (!e && fill != NULL && json_is_object(json_object_get(doc, "guidelines")))
        (void)json_object_update(json_object_get(doc, "guidelines"), (json_t *)(uintptr_t)fill);
    if (!e)
        e = json_canonical(doc, &canonical);
    /* A real number has no canonical form: the validator says where it stands. */
    struct bytes text = e == ERR_INVALID && doc != NULL ? buf_bytes(&b) : buf_bytes(&canonical);
    if (!e || (e == ERR_INVALID && doc != NULL))
        e = document_of_text(kind, text, on, out, &d);
    return e ? complain_diag(e, where, &d) : EXIT_OK;
}

/* The hash that campaign.json names for a guideline must be that of the file beside it, or be left out: signing fills it in. */
static int check_named(const struct folder *f, const json_t *named, const char *path)
{
    for (size_t i = 0; i < KINDS; i++) {
        const char *hash = json_string_value(json_object_get(named, kinds[i]));
        if (hash == NULL || f->guidelines[i] == NULL)
            continue;
        if (strcmp(hash, hash_uri(document_hash(f->guidelines[i])).s) != 0)
            return complain(EXIT_DATA,
                            "%s/campaign.json: /guidelines/%s: another hash than that of "
                            "guideline-%s.json: leave it out, signing fills it in",
                            shown(path), kinds[i], kinds[i]);
    }
    return EXIT_OK;
}

static int read_named(struct folder *f, const char *path)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(FILE_MAX + 1);
    AUTO_JSON doc = NULL;
    if (file_read(f->dir, "campaign.json", FILE_MAX, &b))
        return complain(EXIT_NOINPUT, "%s/campaign.json: cannot be read: `campaign new` writes one",
                        shown(path));
    if (json_read(buf_bytes(&b), FILE_MAX, &doc, NULL))
        return EXIT_OK; /* the reading below names the place */
    return check_named(f, json_object_get(doc, "guidelines"), path);
}

/* The pictures that a guideline names lie beside it, as they will travel. */
static int check_asset(const struct folder *f, const char *path, const char *kind, size_t i,
                       const json_t *asset)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)ASSET_MAX);
    const char *name = json_text(asset, "name");
    const char *wrong = "sha256";
    enum err e = file_read(f->dir, name, ASSET_MAX, &b);
    if (e)
        return complain(e == ERR_TOOBIG ? EXIT_DATA : EXIT_NOINPUT,
                        e == ERR_TOOBIG ? "%s/%s: larger than the 16 MiB of a guideline's picture"
                                        : "%s/%s: cannot be read: the guideline names it",
                        shown(path), name);
    const struct hash_uri is = hash_uri(sha256_of(buf_bytes(&b)));
    if ((size_t)json_integer_value(json_object_get(asset, "bytes")) != b.n)
        wrong = "bytes";
    else if (strcmp(json_text(asset, "sha256"), is.s) == 0)
        return EXIT_OK;
    return complain(EXIT_DATA,
                    "%s/guideline-%s.json: /assets/%zu/%s: not that of the file beside it: %s has "
                    "%zu bytes and %s",
                    shown(path), kind, i, wrong, name, b.n, is.s);
}

static int check_assets(const struct folder *f, const char *path)
{
    int code = EXIT_OK;
    for (size_t k = 0; k < KINDS; k++) {
        const json_t *list = f->guidelines[k] == NULL
                                 ? NULL
                                 : json_object_get(document_json(f->guidelines[k]), "assets");
        for (size_t i = 0; !code && i < json_array_size(list); i++)
            code = check_asset(f, path, kinds[k], i, json_array_get(list, i));
    }
    return code;
}

static int read_folder(const char *path, struct folder *f)
{
    struct diag d = {0};
    AUTO_JSON fill = json_object();
    int code = EXIT_OK;
    if (dir_open(AT_FDCWD, path, &f->dir))
        return complain(EXIT_NOINPUT, "%s: cannot be opened as a folder", shown(path));
    for (size_t i = 0; !code && i < KINDS; i++) {
        char name[40];
        (void)snprintf(name, sizeof name, "guideline-%s.json", kinds[i]);
        if (!file_exists(f->dir, name))
            continue;
        code = read_doc(f, path, name, DOCUMENT_GUIDELINE, NULL, NULL, &f->guidelines[i]);
        if (!code)
            (void)json_object_set_new(fill, kinds[i],
                                      json_string(hash_uri(document_hash(f->guidelines[i])).s));
    }
    if (!code)
        code = read_named(f, path);
    if (!code)
        code = read_doc(f, path, "campaign.json", DOCUMENT_CAMPAIGN, NULL, fill, &f->campaign);
    /* Once more, now against the campaign they belong to. */
    for (size_t i = 0; !code && i < KINDS; i++) {
        char name[40];
        AUTO(document) again = NULL;
        (void)snprintf(name, sizeof name, "guideline-%s.json", kinds[i]);
        if (f->guidelines[i] != NULL)
            code = read_doc(f, path, name, DOCUMENT_GUIDELINE, f->campaign, NULL, &again);
    }
    if (!code)
        code = check_assets(f, path);
    if (!code && inbox_capable(document_json(f->campaign), &d))
        return complain(EXIT_DATA, "%s/campaign.json: %s: %s", shown(path), d.pointer, d.text);
    return code;
}

static int campaign_check(const char *path)
{
    CLEANUP(folder_fini) struct folder f = {.dir = -1};
    int code = read_folder(path, &f);
    if (code)
        return code;
    (void)printf("campaign   %s\n", hash_uri(document_hash(f.campaign)).s);
    for (size_t i = 0; i < KINDS; i++) {
        if (f.guidelines[i] != NULL)
            (void)printf("guideline  %s  %s\n", hash_uri(document_hash(f.guidelines[i])).s,
                         kinds[i]);
    }
    return EXIT_OK;
}

/* --- sign --- */

static int campaign_sign(const struct options *o, const char *path, const char *lead_file)
{
    CLEANUP(folder_fini) struct folder f = {.dir = -1};
    struct signing s = {.path = path};
    int code = read_folder(path, &f);
    if (!code)
        code = signing_open(&o->state, lead_file, &s);
    s.dir = f.dir;
    if (!code)
        code = signing_write(&s, "campaign.note", f.campaign);
    for (size_t i = 0; !code && i < KINDS; i++) {
        char name[40];
        (void)snprintf(name, sizeof name, "guideline-%s.note", kinds[i]);
        if (f.guidelines[i] != NULL)
            code = signing_write(&s, name, f.guidelines[i]);
    }
    secret_free(s.seed);
    return code;
}

/* --- show --- */

static int campaign_show(const char *path)
{
    CLEANUP(folder_fini) struct folder f = {.dir = -1};
    int code = read_folder(path, &f);
    if (!code)
        print_json(document_json(f.campaign));
    return code;
}

int cmd_campaign(int argc, char **argv)
{
    struct options o;
    const char *lead_file = NULL;
    const struct option_own own[] = {{.name = "lead-passphrase-file",
                                      .value = "F",
                                      .about = "passphrase of the lead key: first line of F",
                                      .text = &lead_file}};
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own, 1,
                  "campaign new DIR | check DIR | sign DIR | show [DIR]",
                  "Writes a campaign's templates, holds them against the contract and this "
                  "version, signs them; show without DIR: what each site's steward decided.",
                  &o);
    if (o.done)
        return o.exit_code;
    const char *verb = o.rest < argc ? argv[o.rest] : "";
    if (argc - o.rest == 1 && strcmp(verb, "show") == 0)
        return replies_show(&o);
    if (argc - o.rest != 2)
        return complain(EXIT_USAGE, "campaign wants: new, check, sign or show, and a folder");
    const char *dir = argv[o.rest + 1];
    if (strcmp(verb, "new") == 0)
        return campaign_new(&o, dir);
    if (strcmp(verb, "check") == 0)
        return campaign_check(dir);
    if (strcmp(verb, "sign") == 0)
        return campaign_sign(&o, dir, lead_file);
    if (strcmp(verb, "show") == 0)
        return campaign_show(dir);
    return complain(EXIT_USAGE, "campaign wants: new, check, sign or show, not %s", shown(verb));
}
