/* decimal.h - decimals of documents ("-12.50": no exponent, at most 18 digits before and after the point), compared exactly. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

struct decimal {
    bool negative;     /* never for zero */
    uint64_t whole;    /* < 10^18 */
    uint64_t fraction; /* in units of 10^-18 */
};

enum err decimal_parse(struct bytes text, struct decimal *out);
struct decimal decimal_of_int(int64_t v);
/* < 0, 0, > 0 */
int decimal_cmp(struct decimal a, struct decimal b);
