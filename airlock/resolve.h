/* resolve.h - looking a name up, in a process of its own: the resolver reads files and asks the network, which neither the
 * keeper nor an airlock may. */
#pragma once

/* Prints the first address of a host, in digits ("[...]" for IPv6), on stdout. The exit status; 0: found. */
int resolve(const char *host);
