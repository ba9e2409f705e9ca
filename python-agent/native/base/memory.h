/*
 * Memory from mmap alone, counted against a limit: in a forked child malloc's lock may be held for ever by a thread
 * that exists only in the parent.
 */
#ifndef HEAPSCOPE_BASE_MEMORY_H
#define HEAPSCOPE_BASE_MEMORY_H

#include "base/progress.h"

typedef struct Mapping Mapping;

typedef struct {
    u64 used, limit;    /* no limit: 0 */
    Mapping *mappings;  /* the last one; each leads to the one before it */
    char *chunk;        /* what small pieces are cut from */
    size_t left;
    Progress *progress; /* told of `used`, and to stop at the limit */
} Memory;

void mem_open(Memory *m, u64 limit, Progress *progress);
void *mem_take(Memory *m, size_t size); /* zeroed, 16-byte aligned; NULL at the limit */
void *mem_grow(Memory *m, void *old, size_t old_size, size_t new_size); /* whole pages; for arrays that double */
void mem_end(Memory *m); /* gives everything back */

#endif
