/* The auditor's two files: whatever they hold, they are refused or can be judged by. */
#include "policy.h"

#include "fuzz.h"
#include "keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(policy) p = NULL;
    AUTO(keys) k = NULL;
    struct diag d = {0};
    bool none[POLICY_MAX] = {false};
    bool all[POLICY_MAX];
    memset(all, 1, sizeof all);
    if (policy_parse(bytes_of(data, size), &p, &d) == OK) {
        /* Every threshold is within its group, so all witnesses together always suffice, and none only where none is asked. */
        MUST(policy_met(p, all));
        MUST(policy_met(p, none) == policy_quorum_none(p));
    }
    (void)!keys_parse(bytes_of(data, size), &k, &d);
    return 0;
}
