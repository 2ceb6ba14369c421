/* inbox_cmd.c - `inbox`: signed documents, by command. */
#include "base/text.h"
#include "core/json/json.h"
#include "host/options.h"
#include "host/passphrase.h"
#include "host/say.h"
#include "io/files.h"
#include "node/commands.h"
#include "node/door.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

struct inbox {
    struct options o;
    struct door *d;
    const char *user, *password_file, *password_fd, *reason, *gov_file;
    bool governed; /* the entry that is decided is a roster or policy */
    uint64_t rows;
};

static const char *title_of(const json_t *row)
{
    const json_t *t = json_object_get(row, "title");
    const char *en = json_string_value(json_object_get(t, "en"));
    if (en != NULL)
        return en;
    const char *any =
        json_string_value(json_object_iter_value(json_object_iter((json_t *)(uintptr_t)t)));
    return any == NULL ? "" : any;
}

static void print_row(void *ctx, const json_t *row, const json_t *progress)
{
    struct inbox *b = ctx;
    (void)progress;
    if (row == NULL)
        return;
    b->rows++;
    if (b->o.json)
        print_json(row);
    else
        (void)printf("%4s  %-9s  %-9s  %s  %.19s\n", json_text(row, "id"), json_text(row, "kind"),
                     json_text(row, "state"), title_of(row), json_text(row, "hash"));
}

static void print_signers(const json_t *governed)
{
    const json_t *list = json_object_get(governed, "signers");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *g = json_array_get(list, i);
        (void)printf("%s%s  %s%s\n", i == 0 ? "\n" : "",
                     json_is_true(json_object_get(g, "signed")) ? "signed    " : "not signed",
                     json_text(g, "name"),
                     json_is_true(json_object_get(g, "own")) ? "  (this site)" : "");
    }
}

static void print_replies(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *r = json_array_get(list, i);
        (void)printf("%s%s: %s%s%s\n", i == 0 ? "\n" : "", json_text(r, "site"),
                     json_text(r, "decision"), json_text(r, "reason")[0] == '\0' ? "" : ", ",
                     json_text(r, "reason"));
    }
}

static void print_standing(const json_t *row)
{
    const json_t *first = json_object_get(row, "first");
    const json_t *last = json_object_get(row, "decision");
    if (json_is_object(last))
        (void)printf("\n%s: %s%s%s\n", json_text(row, "state"), json_text(last, "name"),
                     json_object_get(last, "reason") == NULL ? "" : ", reason ",
                     json_text(last, "reason"));
    if (json_is_object(first))
        (void)printf("\nApproved by %s; it waits for a second steward.\n",
                     json_text(first, "name"));
}

static void print_entry(void *ctx, const json_t *row, const json_t *progress)
{
    struct inbox *b = ctx;
    (void)progress;
    if (row == NULL)
        return;
    if (b->o.json) {
        print_json(row);
        return;
    }
    const json_t *words = json_object_get(row, "words");
    const json_t *diff = json_object_get(row, "diff");
    const json_t *fault = json_object_get(row, "fault");
    (void)printf("%s %s: %s (%s)\n%s\n\n", json_text(row, "kind"), json_text(row, "id"),
                 title_of(row), json_text(row, "state"), json_text(row, "hash"));
    for (size_t i = 0; i < json_array_size(words); i++)
        (void)printf("- %s\n", json_string_value(json_array_get(words, i)));
    print_standing(row);
    if (json_is_object(fault))
        (void)printf("\nThis node cannot run it: %s: %s\n", json_text(fault, "pointer"),
                     json_text(fault, "reason"));
    print_signers(json_object_get(row, "governed"));
    print_replies(json_object_get(row, "replies"));
    if (json_is_array(diff))
        (void)printf("\nChanged since the version %s:\n",
                     json_is_object(json_object_get(row, "governed")) ? "in force before"
                                                                      : "approved last");
    for (size_t i = 0; i < json_array_size(diff); i++)
        (void)printf("  %s\n", json_text(json_array_get(diff, i), "pointer"));
    (void)printf("\nThe exact bytes:\n%s", json_text(row, "bytes"));
}

static void look_at(void *ctx, const json_t *row, const json_t *progress)
{
    struct inbox *b = ctx;
    (void)progress;
    if (row != NULL)
        b->governed = json_is_object(json_object_get(row, "governed"));
}

static int add_files(struct inbox *b, int argc, char **argv)
{
    int code = EXIT_OK;
    for (int i = b->o.rest + 1; i < argc; i++) {
        AUTO_FD int fd = -1;
        if (file_open(AT_FDCWD, argv[i], &fd, NULL)) {
            code = complain(EXIT_NOINPUT, "%s: cannot be opened", shown(argv[i]));
            continue;
        }
        int one = door_ask(b->d, json_pack("{s:s, s:s}", "cmd", "inbox_add", "file", argv[i]), &fd,
                           1, print_row, b);
        code = one ? one : code;
    }
    return code;
}

static int get_password(struct inbox *b, struct secret **out)
{
    struct diag d = {0};
    struct passphrase_source from = {
        .fd = -1, .file = b->password_file, .prompt = "Password of the steward"};
    uint64_t fd = 0;
    if (b->password_fd != NULL && parse_u64_str(b->password_fd, 65535, &fd) == OK)
        from.fd = (int)fd;
    enum err e = passphrase_get(&from, out, &d);
    return e ? complain_diag(e, "inbox", &d) : EXIT_OK;
}

static void print_decision(void *ctx, const json_t *row, const json_t *progress)
{
    struct inbox *b = ctx;
    (void)progress;
    if (row == NULL || b->o.json)
        return;
    const json_t *first = json_object_get(row, "first");
    if (json_is_object(first))
        (void)printf("%s is approved by %s and waits for a second steward\n", json_text(row, "id"),
                     json_text(first, "by"));
    else
        (void)printf("%s %s\n", json_text(row, "id"),
                     b->governed ? "signed" : json_text(row, "state"));
}

/* What is approved by the governor's key wants its passphrase too. NULL where it does not. */
static int get_gov_passphrase(struct inbox *b, const char *verb, const char *id,
                              struct secret **out)
{
    struct diag d = {0};
    struct passphrase_source from = {.fd = -1,
                                     .file = b->gov_file,
                                     .credential = "gov-passphrase",
                                     .prompt = "Passphrase of the governor key"};
    if (strcmp(verb, "approve") != 0)
        return EXIT_OK;
    int code =
        door_ask(b->d, json_pack("{s:s, s:s}", "cmd", "inbox_show", "id", id), NULL, 0, look_at, b);
    if (code || !b->governed)
        return code;
    enum err e = passphrase_get(&from, out, &d);
    return e ? complain_diag(e, "inbox", &d) : EXIT_OK;
}

static json_t *decision_request(struct inbox *b, const char *verb, const char *id,
                                struct secret *password, struct secret *governor)
{
    json_t *request =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s%}", "cmd", "inbox_decide", "id", id, "decision",
                  verb, "reason", b->reason == NULL ? "" : b->reason, "user", b->user, "password",
                  (const char *)secret_borrow(password), secret_size(password));
    secret_give_back(password);
    if (governor != NULL) {
        (void)json_object_set_new(
            request, "governor_passphrase",
            json_stringn((const char *)secret_borrow(governor), secret_size(governor)));
        secret_give_back(governor);
    }
    return request;
}

static int decide(struct inbox *b, const char *verb, const char *id)
{
    AUTO(secret) password = NULL;
    AUTO(secret) governor = NULL;
    if (b->user == NULL)
        return complain(EXIT_USAGE, "inbox %s wants --user NAME of the steward who decides", verb);
    if (strcmp(verb, "approve") != 0 && b->reason == NULL)
        return complain(EXIT_USAGE, "inbox %s wants --reason scope|privacy|guideline|effort|other",
                        verb);
    int code = get_gov_passphrase(b, verb, id, &governor);
    if (!code)
        code = get_password(b, &password);
    if (!code)
        code = door_ask(b->d, decision_request(b, verb, id, password, governor), NULL, 0,
                        print_decision, b);
    return code;
}

static int run(struct inbox *b, int argc, char **argv)
{
    const char *verb = b->o.rest < argc ? argv[b->o.rest] : "list";
    int words = argc - b->o.rest;
    int code = door_open(&b->o.state, &b->d);
    if (code)
        return code;
    if (strcmp(verb, "list") == 0 && words <= 1) {
        code = door_ask(b->d, json_pack("{s:s}", "cmd", "inbox_list"), NULL, 0, print_row, b);
        if (!code && !b->o.json && b->rows == 0)
            (void)printf("the inbox is empty\n");
        return code;
    }
    if (strcmp(verb, "add") == 0 && words >= 2)
        return add_files(b, argc, argv);
    if (strcmp(verb, "show") == 0 && words == 2)
        return door_ask(b->d,
                        json_pack("{s:s, s:s}", "cmd", "inbox_show", "id", argv[b->o.rest + 1]),
                        NULL, 0, print_entry, b);
    if ((strcmp(verb, "approve") == 0 || strcmp(verb, "refuse") == 0 ||
         strcmp(verb, "withdraw") == 0) &&
        words == 2)
        return decide(b, verb, argv[b->o.rest + 1]);
    return complain(
        EXIT_USAGE,
        "inbox wants: add FILE..., list, show ID, approve ID, refuse ID or withdraw ID");
}

int cmd_inbox(int argc, char **argv)
{
    struct inbox b = {0};
    const struct option_own own[] = {
        {.name = "user", .value = "NAME", .about = "the steward who decides", .text = &b.user},
        {.name = "password-file",
         .value = "F",
         .about = "that steward's password: first line of F",
         .text = &b.password_file},
        {.name = "password-fd",
         .value = "N",
         .about = "the same from an open descriptor",
         .text = &b.password_fd},
        {.name = "reason",
         .value = "CODE",
         .about = "of a refusal or withdrawal: scope privacy guideline effort other",
         .text = &b.reason},
        {.name = "gov-passphrase-file",
         .value = "F",
         .about = "to sign a roster or policy: the governor key's passphrase, first line of F",
         .text = &b.gov_file},
    };
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own,
                  sizeof own / sizeof own[0],
                  "inbox [list | add FILE... | show ID | approve ID --user NAME | refuse ID --user "
                  "NAME --reason CODE | withdraw ID --user NAME --reason CODE]",
                  "Signed documents before the steward.", &b.o);
    if (b.o.done)
        return b.o.exit_code;
    int code = run(&b, argc, argv);
    door_free(b.d);
    return code;
}
