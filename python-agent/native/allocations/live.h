/*
 * The sampled blocks that are alive, by their addresses.
 *
 * A free of any block looks at one byte of `coarse`, which stays in the nearest cache; where that is not zero at one of `filter`, and
 * only where that is not zero either into the table. The table is in parts that
 * grow one by one, so that no growth takes long. 16 bytes a block: 45 bits of its address (blocks are aligned to 8 bytes), 40 of its size, 17 of its site, 26
 * of the epoch in which it was made.
 */
#ifndef HEAPSCOPE_ALLOCATIONS_LIVE_H
#define HEAPSCOPE_ALLOCATIONS_LIVE_H

#include "base/words.h"

#define LIVE_PARTS 64
#define FILTER_SIZE 65536
#define COARSE_SIZE 4096

typedef struct { u64 size; u32 site, epoch; } Block;
typedef struct { u64 head, tail; } LiveSlot; /* 0, 0: free */
typedef struct { LiveSlot *slots; u32 size, count; } LivePart;

typedef struct {
    u64 count, memory;
    LivePart parts[LIVE_PARTS];
    volatile u8 coarse[COARSE_SIZE], filter[FILTER_SIZE];
} Live;

static inline u64 live_hash(const void *address) { return ((u64)address >> 3) * 0x9E3779B97F4A7C15ull; }

/* Without the lock: whether a block may be in the table. */
static inline int live_may_have(const Live *live, const void *address) {
    u64 hash = live_hash(address);
    return __builtin_expect(live->coarse[hash >> 52], 0) && live->filter[hash >> 48];
}

int live_put(Live *live, const void *address, const Block *block);  /* it is not there; 0: there is no room */
int live_take(Live *live, const void *address, Block *block);       /* 0: it is not there */
void live_clear(Live *live);

#endif
