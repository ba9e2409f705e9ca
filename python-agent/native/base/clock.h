/* Monotonic seconds. */
#ifndef HEAPSCOPE_BASE_CLOCK_H
#define HEAPSCOPE_BASE_CLOCK_H

#include <time.h>

static inline double now_monotonic(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
