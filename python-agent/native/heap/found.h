/* References of the object that is being walked, and the position of each in it. */
#ifndef HEAPSCOPE_HEAP_FOUND_H
#define HEAPSCOPE_HEAP_FOUND_H

#include "base/memory.h"

typedef struct {
    Memory *memory;
    Progress *progress;
    char **targets;
    int32_t *where; /* as TypeInfo's last_where; labels where a root is gathered */
    u32 count, size;
} Found;

int found_open(Found *found, Memory *memory);
int found_grow(Found *found);

static inline void found_push(Found *found, char *target, int32_t where) {
    if (unlikely(found->count == found->size)) {
        if (stopped(found->progress) || !found_grow(found)) return;
    }
    found->where[found->count] = where;
    found->targets[found->count++] = target;
}

#endif
