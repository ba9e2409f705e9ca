/* Address space that is taken once and used from its start: pages that were never written to take no memory. */
#ifndef HEAPSCOPE_ALLOCATIONS_REGION_H
#define HEAPSCOPE_ALLOCATIONS_REGION_H

#include <sys/mman.h>
#include "base/words.h"

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

#define REGION_FLAGS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)

static inline void *region_take(size_t size) {
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, REGION_FLAGS, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

/* All zeros again, at the same place; 0 where the system refuses. */
static inline int region_clear(void *at, size_t size) {
    return mmap(at, size, PROT_READ | PROT_WRITE, REGION_FLAGS | MAP_FIXED, -1, 0) == at;
}

#endif
