/* status.h - what this node says of itself (proto/status.proto): versions, approvals that wait, room on the disk. */
#pragma once

#include "node/app.h"

/* Into the outbox. */
enum err status_say(struct app *a);
