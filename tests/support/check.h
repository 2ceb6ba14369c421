/* check.h - what every test uses: CHECK over cmocka, a main that runs all cases or the named one, scratch folders, vectors. */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"

/* cmocka wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CHECK(x) assert_true(x)
#define CHECK_OK(x) assert_string_equal(err_name(x), "ok")
#define CHECK_ERR(x, want) assert_string_equal(err_name(x), err_name(want))
#define CHECK_STR(a, b) assert_string_equal(a, b)
#define CHECK_INT(a, b) assert_int_equal(a, b)
#define CHECK_BYTES(a, b) check_bytes((a), (b), __FILE__, __LINE__)

#define CASE(name) cmocka_unit_test(name)
/* Runs all cases, or those named on the command line; prints what ran. Returns main's status. */
#define RUN(cases, argc, argv) check_run((cases), sizeof(cases) / sizeof((cases)[0]), argc, argv)

int check_run(const struct CMUnitTest *cases, size_t n, int argc, char **argv);
void check_bytes(struct bytes a, struct bytes b, const char *file, int line);

/* A folder below tests/, e.g. "vectors/contract"; borrowed until the next call. */
const char *tests_dir(const char *below);
/* A place below the shared real data, or NULL where that is not on this machine: the caller says aloud that it skips. */
const char *data_dir(const char *below);
/* The whole file; fails the test where it cannot be read. The caller ends *out. */
void slurp(const char *path, struct buf *out);
/* A new empty folder, removed when the program ends. Borrowed, static for the program. */
const char *scratch_dir(void);
