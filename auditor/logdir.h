/* logdir.h - reading a log's folder as hostile input: no links, regular files only, every size bounded before it is read. */
#pragma once

#include "base/buf.h"
#include "findings.h"

enum {
    LOGDIR_NOTE_MAX = 1024 * 1024,      /* a checkpoint with its signatures */
    LOGDIR_FRAME_MAX = 4 * 1024 * 1024, /* a frame */
    LOGDIR_NAMES_MAX = 4 * 1024 * 1024, /* names in one folder */
};

struct logdir {
    int fd;
    struct findings *found;
};

/* ERR_NOTFOUND without a finding: the caller knows what that means. Any other error is in the findings already (E_LINK, E_READ,
 * E_LIMIT), at `index`. *out is emptied first. */
enum err logdir_read(const struct logdir *l, const char *path, size_t max, uint64_t index,
                     struct buf *out);
/* The names in a folder, each with its NUL, sorted. An absent folder is empty. Errors as above. */
enum err logdir_list(const struct logdir *l, const char *path, size_t max, struct buf *out,
                     size_t *count);
/* Is there a folder of that name (and no link)? A link is a finding. */
bool logdir_is_folder(const struct logdir *l, const char *path);
