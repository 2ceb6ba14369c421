/* export_cmd.c - `export`. */
#include "host/options.h"
#include "host/say.h"
#include "io/files.h"
#include "node/commands.h"
#include "node/door.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct exporting {
    bool json;
    const char *file;
};

static void on_row(void *ctx, const json_t *row, const json_t *progress)
{
    const struct exporting *x = ctx;
    (void)progress;
    if (row != NULL && x->json)
        print_json(row);
    else if (row != NULL)
        (void)printf("%s: %lld lines\n", x->file,
                     json_integer_value(json_object_get(row, "lines")));
}

/* Written beside its place and renamed when it is whole: a bundle that is there is one that can be trusted. */
static int export_to(struct door *d, struct exporting *x, const char *campaign, bool with_records)
{
    char part[4096];
    char folder[4096];
    AUTO_FD int records = -1;
    (void)snprintf(part, sizeof part, "%.4080s.part", x->file);
    (void)snprintf(folder, sizeof folder, "%.4080s.records", x->file);
    AUTO_FD int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return complain(EXIT_CANTCREATE, "%s: cannot be written (%s)", shown(part),
                        strerror(errno));
    if (with_records && (dir_make(AT_FDCWD, folder, 0700) || dir_open(AT_FDCWD, folder, &records)))
        return complain(EXIT_CANTCREATE, "%s: cannot be made", shown(folder));
    const int fds[2] = {fd, records};
    json_t *request = json_pack("{s:s, s:s, s:s}", "cmd", "export", "by", app_system_user(),
                                "campaign", campaign == NULL ? "" : campaign);
    int code = door_ask(d, request, fds, records >= 0 ? 2 : 1, on_row, x);
    if (code == EXIT_OK && rename(part, x->file) != 0)
        code = complain(EXIT_CANTCREATE, "%s: cannot be put in place (%s)", shown(x->file),
                        strerror(errno));
    if (code != EXIT_OK)
        (void)unlink(part);
    return code;
}

int cmd_export(int argc, char **argv)
{
    struct options o;
    AUTO(door) d = NULL;
    const char *campaign = NULL;
    const char *file = NULL;
    bool with_records = false;
    const struct option_own own[] = {
        {.name = "jsonl", .value = "FILE", .about = "the bundle to write", .text = &file},
        {.name = "campaign",
         .value = "HASH",
         .about = "where there are several",
         .text = &campaign},
        {.name = "with-records",
         .about = "the bytes too, in FILE.records/: patients' data leaves the vault",
         .flag = &with_records},
    };
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own, 3,
                  "export --jsonl FILE [--with-records]",
                  "Writes every label, revision and review as JSON lines, without drafts.", &o);
    if (o.done)
        return o.exit_code;
    if (file == NULL || o.rest != argc)
        return complain(EXIT_USAGE, "export wants --jsonl FILE");
    struct exporting x = {.json = o.json, .file = file};
    int code = door_open(&o.state, &d);
    return code ? code : export_to(d, &x, campaign, with_records);
}
