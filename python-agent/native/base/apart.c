#define _GNU_SOURCE
#include "base/apart.h"

#ifdef __linux__
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/signals.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#define UNSHARE 2u /* CLOSE_RANGE_UNSHARE of linux/close_range.h */
#define STACK (256 << 10)
#define FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_VFORK | CLONE_UNTRACED)

typedef struct {
    void (*step)(void *with);
    void *with;
    int done;
} Task;

static int run(void *given) {
    Task *task = given;
    if (syscall(SYS_close_range, 0u, ~0u, UNSHARE) != 0) return 0;
    task->step(task->with);
    task->done = 1;
    return 0;
}

void apart(void (*step)(void *with), void *with) {
    Task task = {step, with, 0};
    int before = errno;
    u64 mask;
    char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack != MAP_FAILED) {
        mask = signals_set(~0ull);
        clone(run, stack + STACK, FLAGS, &task);
        signals_set(mask);
        munmap(stack, STACK);
    }
    errno = before;
    if (!task.done) step(with);
}

#else

void apart(void (*step)(void *with), void *with) { step(with); }

#endif
