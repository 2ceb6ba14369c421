/* vault.c - the physical limit of an import and of a read: the same bytes in the same chunks through bare SQLCipher.
 *   bench_vault FILE DB   prints {"insert_s":..., "read_s":...} */
#include "base/clock.h"
#include "base/rng.h"
#include "io/db.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>

enum { CHUNK = 256 * 1024, PER_COMMIT = 16 };

static enum err insert_all(struct db *db, int fd, uint8_t *chunk)
{
    static const char sql[] = "INSERT INTO chunk VALUES (:id, :bytes)";
    int64_t id = 0;
    size_t n = CHUNK;
    enum err e =
        db_exec(db, "CREATE TABLE chunk (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT");
    while (!e && n == CHUNK) {
        CLEANUP(tx_end) struct tx tx;
        e = tx_begin(db, &tx);
        for (int i = 0; !e && i < PER_COMMIT && n == CHUNK; i++) {
            CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql);
            e = fd_read_some(fd, chunk, CHUNK, &n);
            if (e || n == 0)
                break;
            bind_i64(s, ":id", id++);
            bind_borrowed(s, ":bytes", bytes_of(chunk, n));
            e = stmt_run(s);
        }
        if (!e)
            e = tx_commit(&tx);
        if (!e && id % 256 == 0)
            e = db_checkpoint(db);
    }
    return e;
}

static enum err read_all(struct db *db, uint64_t *bytes)
{
    static const char sql[] = "SELECT bytes FROM chunk WHERE id = :id";
    bool row = true;
    for (int64_t id = 0; row; id++) {
        CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql);
        bind_i64(s, ":id", id);
        enum err e = stmt_row(s, &row);
        if (e)
            return e;
        *bytes += row ? col_bytes(s, 0).n : 0;
    }
    return OK;
}

int main(int argc, char **argv)
{
    static uint8_t chunk[CHUNK];
    uint8_t raw[DB_KEY_SIZE];
    struct diag d = {0};
    uint64_t bytes = 0;
    AUTO(secret) key = NULL;
    AUTO(db) db = NULL;
    AUTO_FD int fd = -1;
    rng_start();
    rng_fill(raw, sizeof raw);
    if (argc != 3)
        return 64;
    enum err e = secret_copy(bytes_of(raw, sizeof raw), &key);
    if (!e)
        e = file_open(AT_FDCWD, argv[1], &fd, NULL);
    if (!e)
        e = db_open(argv[2], key, true, &db, &d);
    uint64_t begun = clock_mono_ms();
    if (!e)
        e = insert_all(db, fd, chunk);
    uint64_t inserted = clock_mono_ms();
    if (!e)
        e = read_all(db, &bytes);
    uint64_t read = clock_mono_ms();
    if (e) {
        (void)fprintf(stderr, "bench_vault: %s %s\n", err_name(e), d.text);
        return 1;
    }
    (void)printf("{\"bytes\":%llu,\"insert_s\":%.3f,\"read_s\":%.3f}\n", (unsigned long long)bytes,
                 (double)(inserted - begun) / 1000.0, (double)(read - inserted) / 1000.0);
    return 0;
}
