#define _GNU_SOURCE
#include "base/files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/apart.h"

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

typedef struct {
    const char *path;
    u64 *identity;
    int result;
} Creation;

static void create(void *with) {
    Creation *file = with;
    struct stat found;
    int fd = open(file->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    file->result = fd < 0 ? -errno : 0;
    if (fd < 0) return;
    if (fstat(fd, &found) != 0) memset(&found, 0, sizeof found); /* then it is never taken for ours */
    file->identity[0] = (u64)found.st_dev;
    file->identity[1] = (u64)found.st_ino;
    close(fd);
}

int file_create(const char *path, u64 identity[2]) {
    Creation file = {path, identity, 0};
    apart(create, &file);
    return file.result;
}

int file_open(const char *path, const u64 identity[2]) {
    int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return -errno;
    if (file_is(fd, identity)) return fd;
    close(fd);
    return -EBADF;
}

int file_is(int fd, const u64 identity[2]) {
    struct stat found;
    return fstat(fd, &found) == 0 && (u64)found.st_dev == identity[0] && (u64)found.st_ino == identity[1];
}

int file_close(int fd, const u64 identity[2]) {
    if (!file_is(fd, identity)) return -EBADF;
    return close(fd) == 0 ? 0 : -errno;
}

typedef struct {
    const char *path;
    char *text;
    size_t size;
} Reading;

static void read_all(void *with) {
    Reading *file = with;
    char *text = NULL, *larger;
    ssize_t n = -1;
    int fd = open(file->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    while ((larger = realloc(text, file->size + READ_AT_ONCE)) != NULL) {
        text = larger;
        n = read(fd, text + file->size, READ_AT_ONCE);
        if (n <= 0) break;
        file->size += (size_t)n;
    }
    close(fd);
    if (n == 0) file->text = text;
    else free(text);
}

char *file_read(const char *path, size_t *size) {
    Reading file = {path, NULL, 0};
    apart(read_all, &file);
    *size = file.size;
    return file.text;
}
