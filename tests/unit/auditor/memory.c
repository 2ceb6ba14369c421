/* cloister-audit verify and cross without memory: 70, whatever could not be allocated; never a verdict. */
#include "cross.h"
#include "support/alloc.h"
#include "support/check.h"
#include "support/worked_example.h"
#include "verify.h"

#include <stdio.h>
#include <sys/stat.h>

static char dir[256], other[256], policy[256], keys[256];

static enum err verified(void *ctx)
{
    FILE *null = ctx;
    struct verify_options o = {.log = dir, .policy = policy, .keys = keys};
    enum exit_status s = verify(&o, null, null);
    return s == EXIT_BUG ? ERR_NOMEM : s == EXIT_VALID ? OK : ERR_CORRUPT;
}

static enum err crossed(void *ctx)
{
    FILE *null = ctx;
    struct cross_options o = {.node = dir, .coord = other, .policy = policy, .keys = keys};
    enum exit_status s = cross(&o, null, null);
    /* The example's coordinator log ends before what it answered. */
    return s == EXIT_BUG ? ERR_NOMEM : s == EXIT_CONTRADICTS ? OK : ERR_CORRUPT;
}

static void out_of_memory_is_never_a_verdict(void **state)
{
    (void)state;
    struct example x;
    FILE *null = fopen("/dev/null", "we");
    CHECK(null != NULL);
    (void)snprintf(dir, sizeof dir, "%s/site", scratch_dir());
    (void)snprintf(other, sizeof other, "%s/coord", scratch_dir());
    (void)snprintf(policy, sizeof policy, "%s/policy", scratch_dir());
    (void)snprintf(keys, sizeof keys, "%s/keys", scratch_dir());
    CHECK_INT(mkdir(dir, 0755), 0);
    CHECK_INT(mkdir(other, 0755), 0);
    example_init(&x);
    example_write_site(&x, dir);
    example_put(dir, "cp/2", buf_bytes(&x.checkpoint));
    example_write_coordinator(&x, other);
    example_write_policy(&x, policy);
    example_write_keys(&x, keys);
    example_fini(&x);
    CHECK(alloc_torture(verified, null) > 20);
    CHECK(alloc_torture(crossed, null) > 40);
    (void)fclose(null);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {CASE(out_of_memory_is_never_a_verdict)};
    return RUN(cases, argc, argv);
}
