/* Tests of io/files. */
#include "io/files.h"
#include "base/cleanup.h"
#include "support/check.h"

#include <fcntl.h>
#include <sys/stat.h>

static int scratch_fd(void)
{
    int fd = -1;
    CHECK_OK(dir_open(AT_FDCWD, scratch_dir(), &fd));
    return fd;
}

static void what_was_replaced_is_read_back(void **state)
{
    (void)state;
    AUTO_FD int at = scratch_fd();
    CLEANUP(buf_fini) struct buf b = BUF_INIT(100);
    CHECK_OK(file_replace(at, "one", bytes_str("old"), 0600));
    CHECK_OK(file_replace(at, "one", bytes_str("new words"), 0640));
    CHECK_OK(file_read(at, "one", 9, &b));
    CHECK_BYTES(buf_bytes(&b), bytes_str("new words"));
    struct stat st;
    CHECK(fstatat(at, "one", &st, 0) == 0 && (st.st_mode & 0777) == 0640);
    CHECK(!file_exists(at, "one.tmp"));
}

static void a_file_over_the_limit_is_refused(void **state)
{
    (void)state;
    AUTO_FD int at = scratch_fd();
    CLEANUP(buf_fini) struct buf b = BUF_INIT(100);
    CHECK_OK(file_replace(at, "big", bytes_str("0123456789"), 0600));
    CHECK_ERR(file_read(at, "big", 9, &b), ERR_TOOBIG);
    CHECK_INT(b.n, 0);
}

static void links_folders_and_fifos_are_no_files(void **state)
{
    (void)state;
    AUTO_FD int at = scratch_fd();
    int fd = -1;
    CHECK(symlinkat("one", at, "link") == 0);
    CHECK(mkfifoat(at, "fifo", 0600) == 0);
    CHECK_OK(dir_make(at, "folder", 0700));
    CHECK_ERR(file_open(at, "link", &fd, NULL), ERR_INVALID);
    CHECK_ERR(file_open(at, "fifo", &fd, NULL), ERR_INVALID);
    CHECK_ERR(file_open(at, "folder", &fd, NULL), ERR_INVALID);
    CHECK_ERR(file_open(at, "none", &fd, NULL), ERR_NOTFOUND);
    CHECK_ERR(dir_open(at, "link", &fd), ERR_INVALID);
}

static void a_file_of_exactly_the_limit_fits_a_buffer_of_the_limit(void **state)
{
    (void)state;
    AUTO_FD int at = scratch_fd();
    static const size_t sizes[] = {0, 1, 8192, 1048576, 1048577, 2097152};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        CLEANUP(buf_fini) struct buf from = BUF_INIT((size_t)4 << 20);
        CLEANUP(buf_fini) struct buf to = BUF_INIT(sizes[i]);
        uint8_t *p = buf_reserve(&from, sizes[i]);
        memset(p, 'x', sizes[i]);
        buf_commit(&from, sizes[i]);
        CHECK_OK(file_replace(at, "exact", buf_bytes(&from), 0600));
        CHECK_OK(file_read(at, "exact", sizes[i], &to));
        CHECK_INT(to.n, sizes[i]);
        CHECK(sizes[i] == 0 || file_read(at, "exact", sizes[i] - 1, &to) == ERR_TOOBIG);
    }
}

static void a_path_is_walked_without_links_or_parents(void **state)
{
    (void)state;
    AUTO_FD int at = scratch_fd();
    AUTO_FD int fd = -1;
    int none = -1;
    const char *name = NULL;
    CHECK_ERR(dir_of(at, "walk/a/b", 0, &none, &name), ERR_NOTFOUND);
    CHECK_OK(dir_of(at, "walk/a/b", 0750, &fd, &name));
    CHECK_STR(name, "b");
    CHECK_OK(file_create(fd, name, bytes_str("x"), 0600));
    CHECK(file_exists(at, "walk/a/b"));
    CHECK(symlinkat("walk", at, "way") == 0);
    CHECK_ERR(dir_of(at, "way/a/b", 0, &none, &name), ERR_INVALID);
    CHECK_ERR(dir_of(at, "walk/../walk/a", 0, &none, &name), ERR_INVALID);
    CHECK_ERR(dir_of(at, "/walk/a", 0, &none, &name), ERR_INVALID);
    CHECK_ERR(dir_of(at, "walk//a", 0, &none, &name), ERR_INVALID);
}

static void a_folder_is_listed_in_order_and_up_to_a_bound(void **state)
{
    (void)state;
    AUTO_FD int at = scratch_fd();
    AUTO_FD int fd = -1;
    size_t n = 0;
    CLEANUP(buf_fini) struct buf names = BUF_INIT(4096);
    CHECK_OK(dir_make(at, "list", 0700));
    CHECK_OK(dir_open(at, "list", &fd));
    CHECK_OK(dir_list(fd, 3, &names, &n));
    CHECK_INT(n, 0);
    CHECK_OK(file_create(fd, "b", bytes_str(""), 0600));
    CHECK_OK(file_create(fd, "a", bytes_str(""), 0600));
    CHECK_OK(file_create(fd, "\xc3\xa4", bytes_str(""), 0600));
    CHECK_OK(dir_list(fd, 3, &names, &n));
    CHECK_INT(n, 3);
    CHECK_BYTES(buf_bytes(&names), bytes_of("a\0b\0\xc3\xa4\0", 7));
    CHECK_ERR(dir_list(fd, 2, &names, &n), ERR_TOOBIG);
}

static void a_new_file_never_replaces_one(void **state)
{
    (void)state;
    AUTO_FD int at = scratch_fd();
    CHECK_OK(file_create(at, "made", bytes_str("a"), 0600));
    CHECK_ERR(file_create(at, "made", bytes_str("b"), 0600), ERR_CONFLICT);
}

static void a_lock_is_held_once(void **state)
{
    (void)state;
    AUTO_FD int at = scratch_fd();
    int second = -1;
    {
        AUTO_FD int first = -1;
        CHECK_OK(file_lock(at, "lock", &first));
        CHECK_ERR(file_lock(at, "lock", &second), ERR_CONFLICT);
    }
    CHECK_OK(file_lock(at, "lock", &second));
    (void)close(second);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(what_was_replaced_is_read_back),
        CASE(a_file_over_the_limit_is_refused),
        CASE(links_folders_and_fifos_are_no_files),
        CASE(a_file_of_exactly_the_limit_fits_a_buffer_of_the_limit),
        CASE(a_path_is_walked_without_links_or_parents),
        CASE(a_folder_is_listed_in_order_and_up_to_a_bound),
        CASE(a_new_file_never_replaces_one),
        CASE(a_lock_is_held_once),
    };
    return RUN(cases, argc, argv);
}
