#define _GNU_SOURCE
#include "python/peek.h"
#include <sys/uio.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>

static int by_kernel(const void *at, void *into, size_t size) {
    struct iovec local = {into, size}, remote = {(void *)at, size};
    /* Our own process, also in a forked child: getpid() of some C libraries caches its result. */
    return syscall(SYS_process_vm_readv, syscall(SYS_getpid), &local, 1, &remote, 1, 0) == (ssize_t)size;
}
#else
static int by_kernel(const void *at, void *into, size_t size) { (void)at, (void)into, (void)size; return 0; }
#endif

/* If the first method is forbidden (seccomp) or missing: write(2) to a pipe fails with EFAULT. */
static int by_pipe(const void *at, void *into, size_t size) {
    int ends[2], ok;
    if (size > 4096 || pipe(ends) != 0) return 0;
    ok = write(ends[1], at, size) == (ssize_t)size && read(ends[0], into, size) == (ssize_t)size;
    close(ends[0]);
    close(ends[1]);
    return ok;
}

void peek_open(Peek *p) {
    u64 word = 0x4865617073636F70ull, copy = 0;
    p->by_pipe = !by_kernel(&word, &copy, 8) || copy != word;
}

int peek(const Peek *p, const void *at, void *into, size_t size) {
    if ((u64)at < 65536 || (u64)at + size > 0x00FFFFFFFFFFFFFFull) return 0;
    return p->by_pipe ? by_pipe(at, into, size) : by_kernel(at, into, size);
}
