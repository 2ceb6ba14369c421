/* Tests of base/secret. */
#include "base/secret.h"
#include "support/check.h"

#include <signal.h>
#include <sys/wait.h>

static void equal_secrets_are_equal_and_others_are_not(void **state)
{
    (void)state;
    AUTO(secret) a = NULL;
    AUTO(secret) b = NULL;
    AUTO(secret) c = NULL;
    CHECK_OK(secret_copy(bytes_str("0123"), &a));
    CHECK_OK(secret_copy(bytes_str("0123"), &b));
    CHECK_OK(secret_copy(bytes_str("01234"), &c));
    CHECK(secret_eq(a, b));
    CHECK(!secret_eq(a, c));
}

static void a_secret_cannot_be_read_between_uses(void **state)
{
    (void)state;
    AUTO(secret) a = NULL;
    CHECK_OK(secret_copy(bytes_str("0123"), &a));
    volatile uint8_t *p = secret_borrow(a);
    secret_give_back(a);
    pid_t pid = fork();
    if (pid == 0) {
        (void)signal(SIGSEGV, SIG_DFL);
        (void)signal(SIGBUS, SIG_DFL);
        _exit(p[0] == '0' ? 0 : 1);
    }
    int status = 0;
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(equal_secrets_are_equal_and_others_are_not),
        CASE(a_secret_cannot_be_read_between_uses),
    };
    return RUN(cases, argc, argv);
}
