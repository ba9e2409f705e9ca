#define _GNU_SOURCE
#include "base/bounds.h"
#include <sys/resource.h>

#ifdef __linux__
static const int resources[BOUNDS] = {RLIMIT_FSIZE, RLIMIT_AS, RLIMIT_DATA};

u64 bound_hard(int which) {
    struct rlimit limit;
    if (getrlimit(resources[which], &limit) != 0 || limit.rlim_max == RLIM_INFINITY) return 0;
    return limit.rlim_max ? (u64)limit.rlim_max : 1;
}

void bounds_raise(void) {
    for (int i = 0; i < BOUNDS; i++) {
        struct rlimit limit;
        if (getrlimit(resources[i], &limit) != 0 || limit.rlim_cur == limit.rlim_max) continue;
        limit.rlim_cur = limit.rlim_max;
        setrlimit(resources[i], &limit);
    }
}

#else

u64 bound_hard(int which) { return (void)which, 0; }
void bounds_raise(void) {}

#endif
