/* body_json.h - what a message says, for people and programs to read: every member, hashes and bytes as text. */
#pragma once

#include "core/json/json.h"
#include "core/wire/body.h"

/* {"type", "receipts", "cosignatures", and the payload's members}; chunks stand as length and hash. NULL where memory is out. */
json_t *body_json(const struct body *b);
