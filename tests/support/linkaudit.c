/* linkaudit.c - the auditor's commands in this process. */
#include "support/linkaudit.h"

#include "cross.h"
#include "evidence.h"
#include "support/check.h"
#include "support/worked_example.h"
#include "verify.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned counter;

const char *path(const char *name)
{
    static char paths[1000][300];
    static unsigned next;
    char *p = paths[next++ % 1000];
    (void)snprintf(p, sizeof paths[0], "%s/%s", scratch_dir(), name);
    return p;
}

const char *fresh(const char *what)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s-%u", what, counter++);
    return path(name);
}

void talk(struct linklogs *w, unsigned n, bool settle, bool tail)
{
    linklogs_begin(w);
    linklogs_connect(w);
    linklogs_move(w, 6);
    for (unsigned i = 1; i <= n; i++) {
        CHECK(linklogs_say(w, NODE, i));
        CHECK(linklogs_say(w, COORD, i));
        linklogs_move(w, 6);
    }
    if (settle)
        linklogs_settle(w);
    if (tail) { /* logged and sent, and lost on its way */
        CHECK(linklogs_say(w, NODE, 99));
        CHECK_OK(linkdrv_turn(w->ends[NODE].drv, w->now_ms));
    }
    linklogs_policy(w, "policy");
    linklogs_keys(w, "keys");
}

const char *copy(struct linklogs *w, int who)
{
    char name[64];
    (void)snprintf(name, sizeof name, "copy%d-%u", who, counter++);
    linklogs_copy(w, who, name);
    return path(name);
}

void answer_fini(struct answer *a)
{
    free(a->out);
    free(a->log);
}

struct answer crossed(struct cross_options o)
{
    struct answer a = {0};
    size_t n = 0;
    size_t m = 0;
    FILE *out = open_memstream(&a.out, &n);
    FILE *log = open_memstream(&a.log, &m);
    a.exit = (int)cross(&o, out, log);
    (void)fclose(out);
    (void)fclose(log);
    return a;
}

struct answer cross_of(const char *node, const char *coord)
{
    return crossed((struct cross_options){
        .node = node, .coord = coord, .policy = path("policy"), .keys = path("keys")});
}

int verify_of(const char *dir)
{
    FILE *null = fopen("/dev/null", "we");
    struct verify_options o = {.log = dir, .policy = path("policy"), .keys = path("keys")};
    int code = (int)verify(&o, null, null);
    (void)fclose(null);
    return code;
}

bool says(const struct answer *a, const char *code)
{
    char want[64];
    (void)snprintf(want, sizeof want, "{\"code\":\"%s\"", code);
    return strstr(a->out, want) != NULL;
}

void wants(const struct answer *a, int exit, const char *code)
{
    if (a->exit != exit || (code != NULL && !says(a, code)))
        print_error("exit %d, wanted %d with %s:\n%s%s", a->exit, exit, code, a->out, a->log);
    CHECK_INT(a->exit, exit);
    CHECK(code == NULL || says(a, code));
}

static int evidence_of(const char *file)
{
    FILE *null = fopen("/dev/null", "we");
    struct evidence_options o = {.file = file, .policy = path("policy"), .keys = path("keys")};
    int code = (int)evidence(&o, null, null);
    (void)fclose(null);
    return code;
}

unsigned check_evidence(const char *dir)
{
    const char *bent = path("bent");
    unsigned n = 0;
    DIR *d = opendir(dir);
    CHECK(d != NULL);
    for (const struct dirent *x = NULL; (x = readdir(d)) != NULL;) {
        if (x->d_name[0] == '.')
            continue;
        char file[600];
        CLEANUP(buf_fini) struct buf b;
        n++;
        (void)snprintf(file, sizeof file, "%s/%s", dir, x->d_name);
        CHECK_INT(evidence_of(file), 6);
        slurp(file, &b);
        for (size_t i = 0; i < b.n; i += 37) {
            b.p[i] ^= 2;
            example_put(scratch_dir(), "bent", buf_bytes(&b));
            b.p[i] ^= 2;
            int code = evidence_of(bent);
            CHECK(code == 1 || code == 3);
        }
    }
    (void)closedir(d);
    (void)unlink(bent);
    return n;
}

struct logedit_key thief(struct secret *seed, const struct vkey *key)
{
    struct logedit_key k = {.key = *key};
    memcpy(k.seed, secret_borrow(seed), sizeof k.seed);
    secret_give_back(seed);
    return k;
}
