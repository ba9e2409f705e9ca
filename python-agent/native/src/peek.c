/*
 * Reads memory that may not be there: the kernel copies, and refuses where we would crash.
 * Used while offsets are still guesses, and on the stacks of threads that may be anywhere.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include "core.h"

#ifdef __linux__
#include <sys/syscall.h>

static int by_kernel(const void *at, void *into, size_t size) {
    struct iovec local = {into, size}, remote = {(void *)at, size};
    /* The process we are, also in a forked child: getpid() of some C libraries remembers. */
    return syscall(SYS_process_vm_readv, syscall(SYS_getpid), &local, 1, &remote, 1, 0) == (ssize_t)size;
}
#else
static int by_kernel(const void *at, void *into, size_t size) { (void)at, (void)into, (void)size; return 0; }
#endif

/* Where the first way is forbidden (seccomp) or missing: write(2) to a pipe says EFAULT. */
static int by_pipe(const void *at, void *into, size_t size) {
    int ends[2], ok;
    if (size > 4096 || pipe(ends) != 0) return 0;
    ok = write(ends[1], at, size) == (ssize_t)size && read(ends[0], into, size) == (ssize_t)size;
    close(ends[0]);
    close(ends[1]);
    return ok;
}

int peek(const void *at, void *into, size_t size) {
    static int way; /* 0 unknown, 1 kernel, 2 pipe */
    u64 known_word = 0x4865617073636F70ull, copy = 0;
    if ((u64)at < 65536 || (u64)at + size > 0x00FFFFFFFFFFFFFFull) return 0;
    if (way == 0) way = by_kernel(&known_word, &copy, 8) && copy == known_word ? 1 : 2;
    return way == 1 ? by_kernel(at, into, size) : by_pipe(at, into, size);
}
