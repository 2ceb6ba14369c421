/* linkaudit.h - for tests that hand the logs of linklogs to the auditor, honest or forged. */
#pragma once

#include "cross.h"
#include "support/linklogs.h"
#include "support/logedit.h"

/* Below the scratch folder; lasts for the next thousand. */
const char *path(const char *name);
/* The same of a name that was not used before. */
const char *fresh(const char *what);

/* Two logs of a talk of n messages each way, with one at the end that was lost on its way where `tail`; and the auditor's
 * files, "policy" and "keys". */
void talk(struct linklogs *w, unsigned n, bool settle, bool tail);
/* An audit bundle of that side's log; its folder. */
const char *copy(struct linklogs *w, int who);
/* Key and seed as a thief has them. */
struct logedit_key thief(struct secret *seed, const struct vkey *key);

struct answer {
    int exit;
    char *out, *log;
};
void answer_fini(struct answer *a);
struct answer crossed(struct cross_options o);
struct answer cross_of(const char *node, const char *coord);
int verify_of(const char *dir);
bool says(const struct answer *a, const char *code);
/* Checks exit status and code (NULL: whatever), and prints what came instead. */
void wants(const struct answer *a, int exit, const char *code);
/* How many files of evidence the folder holds; each must stand, and with a byte of it flipped must not. */
unsigned check_evidence(const char *dir);
