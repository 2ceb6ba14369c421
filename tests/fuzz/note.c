/* A signed note that is taken consists of its text, an empty line and its lines; verifying never crashes; a note whose text is
 * a checkpoint, entry or message prints alike. */
#include "core/identity/note.h"

#include "fuzz.h"

static const char log_key[] =
    "fed.example/ward7/site-a+4c6fb5fc+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
static const char witness_key[] =
    "fed.example/ward7/coordinator/witness+ffc54c31+BG56HN0psLeP0Tr0xVmP7/TvKpcWbjym8uT7/M2AUFvx";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vkey keys[2];
    struct note n;
    struct note_seal seals[2];
    MUST(vkey_parse(bytes_str(log_key), &keys[0]) == OK);
    MUST(vkey_parse(bytes_str(witness_key), &keys[1]) == OK);
    if (note_parse(bytes_of(data, size), &n))
        return 0;
    MUST(n.n > 0 && n.n <= NOTE_SIGS_MAX);
    MUST(n.text.n + 1 + n.lines.n == size && n.text.p[n.text.n - 1] == '\n');
    MUST(n.lines.p == data + n.text.n + 1);
    (void)!note_verify(&n, keys, 2, seals);
    return 0;
}
