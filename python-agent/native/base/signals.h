/* All signals of the calling thread blocked, and as they were before; those too that the C library keeps for itself. */
#ifndef HEAPSCOPE_BASE_SIGNALS_H
#define HEAPSCOPE_BASE_SIGNALS_H

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/words.h"

static inline u64 signals_set(u64 mask) {
    u64 before = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, &before, sizeof mask);
    return before;
}

#endif
