/*
 * The sampler: what is kept of sampled blocks, and what is done when one is made or freed.
 *
 * These functions are called within the allocator, by any thread, with or without the GIL. None of them allocates, calls code of
 * Python or waits for the GIL; what they keep is in mapped memory of its own, under one spinlock.
 *
 * In a child by fork all of it is inert until `sampler_reset`: another thread may have held the lock at the fork. So it is in the
 * child that walks the heap, which is born without the C library knowing of it.
 */
#ifndef HEAPSCOPE_ALLOCATIONS_SAMPLER_H
#define HEAPSCOPE_ALLOCATIONS_SAMPLER_H

#include "allocations/live.h"
#include "allocations/sites.h"
#include "allocations/sums.h"

#define NEVER ((int64_t)1 << 62) /* bytes up to the next sample while it is disarmed */
#define MOST_MEANS 256

typedef struct {
    u64 live, merged, dropped; /* dropped: sampled, with no room to keep them */
    u32 epoch, sites, threads;
    const Sums *sums;
} Collected;

int sampler_open(const Python *py, u32 frames, const char *own, u32 own_length); /* 0: no address space */
int sampler_reset(u64 seed, double mean); /* an empty table; a mean of 0: disarmed. 0: the system refuses */
void sampler_disarm(void);            /* returns when no thread is in the sampler any more */
void sampler_set_own_thread(void);    /* the calling one: what it allocates is not sampled */
void sampler_limit_sites(u32 limit);

/*
 * Begins a new epoch; what was collected is valid until the next call. `mean`: of the new epoch, 0 for disarmed, negative for as it
 * was. 0: nothing has changed, and none is begun, unless `always`.
 */
int sampler_collect(Collected *into, double mean, int always);
const SiteTree *sampler_sites(void);
u32 sampler_texts(void);                  /* how many are there */
void sampler_name(u32 site, const char *name, u32 length);
u64 sampler_memory(void);

/* From the hooks. */
extern const Live *const sampler_live;
int64_t sampler_draw(void);                               /* bytes up to the next sample */
void sampler_made(void *address, size_t size);            /* sampled */
void sampler_freed(void *address);                        /* perhaps sampled */
int sampler_lift(void *address, Block *block);            /* out of the table; 0: not in it */
void sampler_put_back(void *address, const Block *block);
void sampler_lifted_is_freed(const Block *block);

#endif
