/*
 * A lock for a few hundred instructions, among threads of which some hold the GIL and some do not. Nothing that is done under it
 * allocates, calls the interpreter, or waits for anything else.
 */
#ifndef HEAPSCOPE_ALLOCATIONS_SPIN_H
#define HEAPSCOPE_ALLOCATIONS_SPIN_H

#include <sched.h>
#include <time.h>
#include "base/words.h"

#define SPINS 100    /* then the holder is probably not running */
#define YIELDS 10000 /* then it may be of a lower priority than we are, and runs only while we sleep */

typedef volatile u32 Spin;

static inline void spin_wait(u32 tries) {
    struct timespec nap = {0, 50000};
    if (tries > YIELDS) nanosleep(&nap, NULL);
    else if (tries > SPINS) sched_yield();
}

static inline void spin_lock(Spin *lock) {
    for (u32 tries = 0; __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE); tries++) spin_wait(tries);
}

static inline void spin_unlock(Spin *lock) { __atomic_store_n(lock, 0, __ATOMIC_RELEASE); }

#endif
