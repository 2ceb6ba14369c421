/* progress.h - progress of long work on stderr: a bar with rate and time left on a terminal, else one line each ten seconds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct progress {
    uint64_t files_all, bytes_all; /* 0: not known */
    uint64_t files, bytes;         /* done */
    uint64_t begun_ms, said_ms;
    bool terminal;
    bool open; /* a bar stands on the current line */
};

void progress_begin(struct progress *p, uint64_t files, uint64_t bytes);
/* Says how far it is, if it is time to; `part` bytes of the running file count as well. */
void progress_tell(struct progress *p, uint64_t part);
/* Before other text is written to the terminal. */
void progress_clear(struct progress *p);
/* "12.3 MB", into a buffer of 16 bytes. */
const char *progress_bytes(uint64_t n, char out[16]);
