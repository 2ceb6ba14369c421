/* gate.h - the one door of this site (gate-and-rounds.md): nothing reaches the network but through here, judged last, on the
 * serialised message. What may leave is a closed list; what the list does not name stays.
 *
 *   gate_offer: in the caller's vault transaction, the message waits in the outbox
 *   gate_pump:  judges what waits and gives it to the link while that takes it */
#pragma once

#include "core/wire/body.h"
#include "host/linkdrv.h"
#include "node/app.h"

/* Puts a message into the outbox, in the caller's transaction. Does nothing where no roster is pinned: there is nobody to say it
 * to. ERR_DENIED where it may not leave. */
enum err gate_offer(struct app *a, const struct body *b, uint64_t now_ms);
/* A decision about a document, in the caller's transaction; `reason` is "" and until_ms its end (0: none) for an approval. */
enum err gate_offer_reply(struct app *a, struct hash document, const char *decision,
                          const char *reason, uint64_t until_ms, uint64_t now_ms);

/* A campaign or guideline that this site's own lead has signed goes to the coordinator, which carries it to the others; any other
 * document does nothing. In a transaction of its own. */
enum err gate_offer_led(struct app *a, const char *kind, struct bytes note, uint64_t now_ms);

/* Is it a campaign or guideline under the signature of this site's own lead? */
bool gate_led_here(const struct app *a, const char *kind, struct bytes note);

/* May these bytes leave? ERR_DENIED with the rule's name in `rule` ("kind", "bytes"...), 32 bytes. */
enum err gate_judge(const struct app *a, struct bytes packed, struct arena *mem, struct body *out,
                    char rule[32]);

/* Gives the link what waits, as much as it takes; rows that the log holds are forgotten. */
enum err gate_pump(struct app *a, struct linkdrv *link, uint64_t now_ms);
