/* faults.h - disks that fail: link tests_faults, and the n-th writing call of our own code fails with an errno of choice. Counted
 * are write, pwrite, ftruncate, fdatasync, fsync, syncfs, renameat and mkdirat. */
#pragma once

#include <stdbool.h>

/* From now on the n-th call (from 1) fails with `number`; 0 = none fails. With `stays` all later ones fail too. */
void fault_at(unsigned n, int number, bool stays);
/* How many were counted since fault_at, and whether one failed. */
unsigned fault_calls(void);
bool fault_hit(void);
