/* show.h - `cloister-audit show` and `proof`: one entry of a log, in words or as a proof for someone else. No keys are asked
 * for: what is shown is what the folder holds, held against its own tiles and checkpoint. */
#pragma once

#include "findings.h"

enum exit_status show(const char *log_dir, const char *index, bool json, FILE *out, FILE *log);
/* A c2sp.org/tlog-proof@v1 whose extra is the entry. */
enum exit_status proof(const char *log_dir, const char *index, FILE *out, FILE *log);
