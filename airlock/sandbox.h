/* sandbox.h - a system-call filter for all threads: what is not on the list fails with EPERM. */
#pragma once

#include "base/err.h"

#include <stdbool.h>

/* Cannot be undone. *out_on is false where the kernel or the machine knows no filter. ERR_IO with errno. */
enum err sandbox_enter(bool *out_on);
