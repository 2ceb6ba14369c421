/* clock.h - the two clocks. Core never calls these: time is passed in. */
#pragma once

#include <stdint.h>

uint64_t clock_now_ms(void);  /* ms since 1970-01-01 UTC; may step */
uint64_t clock_mono_ms(void); /* ms since some start; never steps back */
/* "2027-03-31T10:42:07Z" and a NUL: 21 bytes. Returns out. */
enum { CLOCK_TEXT = 32 };
const char *clock_rfc3339(uint64_t ms, char out[CLOCK_TEXT]);
