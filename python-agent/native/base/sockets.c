#define _GNU_SOURCE
#include "base/sockets.h"
#include "base/files.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
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

static socklen_t address_of(const Stream *stream, struct sockaddr_storage *address) {
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    memset(address, 0, sizeof *address);
    if (strchr(stream->host, ':')) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)stream->port);
        return inet_pton(AF_INET6, stream->host, &six->sin6_addr) == 1 ? sizeof *six : 0;
    }
    four->sin_family = AF_INET;
    four->sin_port = htons((uint16_t)stream->port);
    return inet_pton(AF_INET, stream->host, &four->sin_addr) == 1 ? sizeof *four : 0;
}

int socket_stream(const Stream *stream) {
    struct sockaddr_storage address;
    socklen_t size = address_of(stream, &address);
    int fd = size ? socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1, error;
    if (fd < 0) return size ? -errno : -EINVAL;
    if (connect(fd, (struct sockaddr *)&address, size) == 0) {
        ssize_t sent = send(fd, stream->hello, stream->size, MSG_NOSIGNAL);
        if (sent == (ssize_t)stream->size) return fd;
        error = sent < 0 ? errno : EIO; /* a new connection has room for it all */
    } else error = errno;
    close(fd);
    return -error;
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
int socket_stream(const Stream *stream) { return (void)stream, -ENOSYS; }

#endif
