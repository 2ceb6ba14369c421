/* files.h - files and folders by descriptor, durable where it matters. Never follows a symbolic link of the last component;
 * every descriptor is close-on-exec. Names are relative to a folder's descriptor (AT_FDCWD for the working folder). */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"

#include <sys/types.h>

/* Opens a folder. ERR_NOTFOUND, ERR_DENIED, ERR_INVALID (no folder, or a link). */
enum err dir_open(int at, const char *name, int *out_fd);
/* Makes the folder where it is not there yet; its parent is synced. */
enum err dir_make(int at, const char *name, mode_t mode);
enum err dir_sync(int fd);
/* Everything written so far on that file system is on the disk after this. */
enum err dir_sync_all(int fd);
/* The folder that holds the last component of `path` (relative, components that are no "..", at most 255 bytes each): every
 * folder on the way is opened without following a link. With a make_mode missing ones are made, whatever the umask. *name is
 * borrowed from path. ERR_NOTFOUND, ERR_INVALID. */
enum err dir_of(int at, const char *path, mode_t make_mode, int *out_fd, const char **name);
/* Appends the names in the folder but "." and "..", bytewise ascending, each with its NUL. ERR_TOOBIG above `max` names. */
enum err dir_list(int fd, size_t max, struct buf *out, size_t *count);

/* Opens a regular file for reading; anything else is ERR_INVALID. Does not block on a fifo. */
enum err file_open(int at, const char *name, int *out_fd, uint64_t *out_size);
/* Appends the whole file to *out; ERR_TOOBIG above `limit` bytes, judged before reading. */
enum err file_read(int at, const char *name, size_t limit, struct buf *out);
/* Atomically: temporary file beside it, fsync, rename, fsync of the folder. ERR_FULL, ERR_DENIED, ERR_IO leave the old one. */
enum err file_replace(int at, const char *name, struct bytes data, mode_t mode);
/* As file_replace, but the temporary file is made as `tmp_name` in tmp_at (same file system), so that a crash leaves nothing
 * beside the real one. */
enum err file_replace_via(int tmp_at, const char *tmp_name, int at, const char *name,
                          struct bytes data, mode_t mode);
/* As file_replace_via but not synced: for what can be made again after a crash. */
enum err file_place_via(int tmp_at, const char *tmp_name, int at, const char *name,
                        struct bytes data, mode_t mode);
/* Makes a new file; ERR_CONFLICT where one is there. Synced with its folder. */
enum err file_create(int at, const char *name, struct bytes data, mode_t mode);
bool file_exists(int at, const char *name);

/* The whole of it, past short writes and EINTR. */
enum err fd_write_all(int fd, struct bytes data);
/* Up to n bytes, fewer only at the end of the file. */
enum err fd_read_some(int fd, void *out, size_t n, size_t *out_n);
enum err fd_sync_data(int fd);

/* Takes the exclusive lock of a lock file, made where missing; held until the descriptor is closed or the process ends.
 * ERR_CONFLICT where another process holds it. */
enum err file_lock(int at, const char *name, int *out_fd);
