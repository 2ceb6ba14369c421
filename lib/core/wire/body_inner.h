/* body_inner.h - the two halves of body: bounds (body.c), and bytes (body_pack.c), which takes the bounds for granted when it
 * writes and checks what memory needs when it reads. For this room only. */
#pragma once

#include "core/wire/body.h"

enum err body_pack(const struct body *b, struct buf *out);
enum err body_unpack(struct bytes in, struct arena *a, struct body *out);
