/* big.h - a very long note, for showing that none ever sits in memory. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Writes exactly `bytes` bytes of UTF-8 text, no two mebibytes alike. False where the file cannot be written. */
bool big_write(uint64_t bytes, const char *path);
