/*
 * A socket of ours in a process whose descriptors are the program's. Each function looks whether the number still is our socket
 * (by its cookie: no other socket has it, Linux 4.12) and uses it within one call that keeps the GIL, so that no Python code
 * of the program closes it and opens its own there in between. Nothing waits but `socket_stream`, which is for a forked child.
 * Elsewhere each gives -ENOSYS.
 */
#ifndef HEAPSCOPE_BASE_SOCKETS_H
#define HEAPSCOPE_BASE_SOCKETS_H

#include "base/words.h"

int socket_open(int family);                                         /* a TCP socket on a high number, or -errno */
long socket_send(int fd, u64 cookie, const char *data, size_t size); /* bytes taken, or -errno; -EBADF: not ours any more */
long socket_receive(int fd, u64 cookie, char *data, size_t size);    /* bytes read, 0 at the end, or -errno */
int socket_close(int fd, u64 cookie);                                /* 0, or -errno */

/* A connection whose first bytes are `hello`. `host`: an address, not a name. The descriptor, or -errno. */
typedef struct {
    const char *host;
    int port;
    const char *hello;
    size_t size;
} Stream;

int socket_stream(const Stream *stream);

#endif
