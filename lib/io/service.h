/* service.h - the service manager's notifications (sd_notify(3): one datagram to $NOTIFY_SOCKET). */
#pragma once

/* "READY=1", "STOPPING=1", "STATUS=...". Does nothing where no manager asked; a lost datagram is no fault of ours. */
void service_notify(const char *state);
