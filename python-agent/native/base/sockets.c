#define _GNU_SOURCE
#include "base/sockets.h"
#include "base/files.h"
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
#define COOKIE 57 /* SO_COOKIE of asm-generic/socket.h; older headers do not name it */

int socket_open(int family) {
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd < 0 ? -errno : file_lift(fd);
}

static int is_ours(int fd, u64 cookie) {
    u64 found;
    socklen_t size = sizeof found;
    return getsockopt(fd, SOL_SOCKET, COOKIE, &found, &size) == 0 && size == sizeof found && found == cookie;
}

long socket_send(int fd, u64 cookie, const char *data, size_t size) {
    ssize_t sent;
    if (!is_ours(fd, cookie)) return -EBADF;
    sent = send(fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 ? -errno : sent;
}

long socket_receive(int fd, u64 cookie, char *data, size_t size) {
    ssize_t got;
    if (!is_ours(fd, cookie)) return -EBADF;
    got = recv(fd, data, size, MSG_DONTWAIT);
    return got < 0 ? -errno : got;
}

int socket_close(int fd, u64 cookie) {
    if (!is_ours(fd, cookie)) return -EBADF;
    return close(fd) == 0 ? 0 : -errno;
}

#else

int socket_open(int family) { return (void)family, -ENOSYS; }
long socket_send(int fd, u64 cookie, const char *data, size_t size) {
    return (void)fd, (void)cookie, (void)data, (void)size, -ENOSYS;
}
long socket_receive(int fd, u64 cookie, char *data, size_t size) {
    return (void)fd, (void)cookie, (void)data, (void)size, -ENOSYS;
}
int socket_close(int fd, u64 cookie) { return (void)fd, (void)cookie, -ENOSYS; }

#endif
