/* trust.h - the auditor's own files, which say whose signatures count; and how a command refuses what it cannot use. */
#pragma once

#include "core/tlog/checkpoint.h"
#include "findings.h"
#include "keys.h"
#include "policy.h"

/* Says "cloister-audit: what: why". EXIT_USAGE. */
enum exit_status trust_refuse(FILE *log, const char *what, const char *why);
/* Reads and parses the file; what is wrong with it is said with its line: EXIT_USAGE. EXIT_BUG without memory. */
enum exit_status trust_policy(const char *path, struct policy **out, FILE *log);
enum exit_status trust_keys(const char *path, struct keys **out, FILE *log);
/* A checkpoint of an earlier audit; EXIT_USAGE too where no log of the policy has signed it. */
enum exit_status trust_checkpoint(const char *path, const struct policy *policy,
                                  struct checkpoint *out, FILE *log);
