/* What was made and freed in an epoch, summed by site and, for freed blocks, by the epoch in which they were made. */
#ifndef HEAPSCOPE_ALLOCATIONS_SUMS_H
#define HEAPSCOPE_ALLOCATIONS_SUMS_H

#include "base/words.h"

#define MOST_SUMS 32768u

enum { SUM_MADE, SUM_FREED };

typedef struct {
    u32 kind, site, epoch, slot;
    double bytes, blocks, variance;
} Sum;

typedef struct {
    u32 count;
    Sum *sums;
    u32 *index; /* open addressing; number + 1 */
} Sums;

int sums_open(Sums *sums);
void sums_clear(Sums *sums);
/*
 * A block of `size` bytes that was sampled with the chance p stands for 1/p blocks. Where no further sum fits, it is added to one that
 * is there: totals stay right, and one second's sites do not.
 */
void sums_add(Sums *sums, u32 kind, u32 site, u32 epoch, double size, double p);

#endif
