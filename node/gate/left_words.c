/* left_words.c - a message in one sentence. The page says the same in the language of its reader. */
#include "node/gate/left.h"

#include <stdio.h>
#include <string.h>

static long long num(const json_t *v, const char *name)
{
    return json_integer_value(json_object_get(v, name));
}

static void reply(const json_t *says, const char *who, char out[LEFT_WORDS])
{
    const char *reason = json_text(says, "reason");
    (void)snprintf(out, LEFT_WORDS, "%s: %s%s%s (%.19s)", who, json_text(says, "decision"),
                   reason[0] == '\0' ? "" : ", ", reason, json_text(says, "document"));
}

/* What both sides say. False: it is none of that. */
static bool of_both(bool out_of, const char *type, const json_t *says, char out[LEFT_WORDS])
{
    if (strcmp(type, "hello") == 0)
        (void)snprintf(out, LEFT_WORDS, "%s",
                       out_of ? "where this site's log stands"
                              : "where the coordinator's log stands");
    else if (strcmp(type, "control") == 0 && num(says, "receipts") > 0)
        (void)snprintf(out, LEFT_WORDS, "receipts for %lld message%s", num(says, "receipts"),
                       num(says, "receipts") == 1 ? "" : "s");
    else if (strcmp(type, "control") == 0)
        (void)snprintf(out, LEFT_WORDS, "%s",
                       num(says, "cosignatures") > 0 ? "a cosignature under the other side's log"
                                                     : "what came so far has arrived");
    else if (strcmp(type, "refused") == 0)
        (void)snprintf(out, LEFT_WORDS, "message %lld was refused: %s", num(says, "seq"),
                       json_text(says, "code"));
    else if (strcmp(type, "campaign-reply") == 0)
        reply(says, out_of ? "told the lead" : "a site told the lead", out);
    else
        return false;
    return true;
}

void left_words(const char *direction, const char *type, const json_t *says, char out[LEFT_WORDS])
{
    bool out_of = strcmp(direction, "out") == 0;
    if (says == NULL)
        (void)snprintf(out, LEFT_WORDS, "%s",
                       strcmp(type, "rejected") == 0 ? "a frame that this site did not take"
                                                     : "its bytes are no longer kept here");
    else if (of_both(out_of, type, says, out))
        return;
    else if (strcmp(type, "document") == 0)
        (void)snprintf(out, LEFT_WORDS, "a %s %s", json_text(says, "kind"),
                       out_of ? "that this site has signed" : "from the consortium");
    else if (strcmp(type, "document-ack") == 0)
        (void)snprintf(out, LEFT_WORDS, "a document arrived: %s (%.19s)", json_text(says, "code"),
                       json_text(says, "hash"));
    else if (strcmp(type, "status") == 0)
        (void)snprintf(out, LEFT_WORDS, "this node's versions and its %lld waiting approvals",
                       num(says, "pending"));
    else if (strcmp(type, "blob-request") == 0)
        (void)snprintf(out, LEFT_WORDS, "asked for a guideline's picture, from byte %lld (%.19s)",
                       num(says, "offset"), json_text(says, "digest"));
    else if (strcmp(type, "blob-chunk") == 0)
        (void)snprintf(out, LEFT_WORDS, "a piece of a guideline's picture, from byte %lld (%.19s)",
                       num(says, "offset"), json_text(says, "digest"));
    else
        (void)snprintf(out, LEFT_WORDS, "%s", type);
}
