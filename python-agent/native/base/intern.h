/* Equal contents get one id, counted from 0. */
#ifndef HEAPSCOPE_BASE_INTERN_H
#define HEAPSCOPE_BASE_INTERN_H

#include "base/memory.h"

typedef struct { u64 hash; u32 id; u32 length; const void *content; } Entry;

typedef struct {
    Memory *memory;
    Entry *entries; /* open addressing */
    u32 size, count;
} Intern;

int intern_open(Intern *table, Memory *m);
u32 intern_find(Intern *table, const void *content, u32 length, int *is_new); /* 0 where memory ends */

#endif
