#define _GNU_SOURCE
#include "base/files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#define fstat(fd, found) syscall(SYS_fstat, fd, found) /* older C libraries have no symbol of that name */
#endif

#define READ_AT_ONCE 65536

/* As HIGH of descriptors.py: the second where the first is beyond the process's limit. */
static const int high_numbers[] = {900, 200};

int file_lift(int low) {
    int high = -1;
    for (int i = 0; i < 2 && high < 0; i++) high = fcntl(low, F_DUPFD_CLOEXEC, high_numbers[i]);
    if (high < 0) return low;
    close(low);
    return high;
}

int file_create(const char *path, u64 identity[2]) {
    struct stat found;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return -errno;
    if (fstat(fd, &found) != 0) memset(&found, 0, sizeof found); /* then it is never taken for ours */
    identity[0] = (u64)found.st_dev;
    identity[1] = (u64)found.st_ino;
    return file_lift(fd);
}

int file_is(int fd, const u64 identity[2]) {
    struct stat found;
    return fstat(fd, &found) == 0 && (u64)found.st_dev == identity[0] && (u64)found.st_ino == identity[1];
}

int file_close(int fd, const u64 identity[2]) {
    if (!file_is(fd, identity)) return -EBADF;
    return close(fd) == 0 ? 0 : -errno;
}

char *file_read(const char *path, size_t *size) {
    char *text = NULL, *larger;
    ssize_t n = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    *size = 0;
    if (fd < 0) return NULL;
    while ((larger = realloc(text, *size + READ_AT_ONCE)) != NULL) {
        text = larger;
        n = read(fd, text + *size, READ_AT_ONCE);
        if (n <= 0) break;
        *size += (size_t)n;
    }
    close(fd);
    if (n == 0) return text;
    free(text);
    return NULL;
}
