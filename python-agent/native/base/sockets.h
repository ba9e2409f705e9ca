/*
 * A socket of ours in a process whose descriptors are the program's. Each function looks whether the number still is our socket
 * (by its cookie: no other socket has it, Linux 4.12) and uses it within one call that keeps the GIL, so that no Python code
 * of the program closes it and opens its own there in between. Nothing waits. Elsewhere each gives -ENOSYS.
 */
#ifndef HEAPSCOPE_BASE_SOCKETS_H
#define HEAPSCOPE_BASE_SOCKETS_H

#include "base/words.h"

int socket_open(int family);                                         /* a TCP socket on a high number, or -errno */
long socket_send(int fd, u64 cookie, const char *data, size_t size); /* bytes taken, or -errno; -EBADF: not ours any more */
long socket_receive(int fd, u64 cookie, char *data, size_t size);    /* bytes read, 0 at the end, or -errno */
int socket_close(int fd, u64 cookie);                                /* 0, or -errno */

#endif
