/* notes.h - a clinical note and its truth. */
#pragma once

#include "truth.h"

/* Appends the note of the case to *text and its regions to *t. English or German; some with Windows line ends, some with
 * characters outside the basic plane or with combining marks. With a film (whose boxes stand first in *t, in the order of the
 * case's nodules) its report is in the note, related to the boxes. */
enum err note_write(uint64_t seed, const struct patient_case *c, size_t first_box, struct buf *text,
                    struct truth *t);
