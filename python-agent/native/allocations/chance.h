/*
 * Which bytes are sampled: those at the points of a Poisson process over all bytes that are allocated, one point each `mean` bytes
 * on average. A block with at least one point in it is sampled, so one of `size` bytes is with the chance 1 - exp(-size / mean).
 */
#ifndef HEAPSCOPE_ALLOCATIONS_CHANCE_H
#define HEAPSCOPE_ALLOCATIONS_CHANCE_H

#include "base/words.h"

double chance_of(double size, double mean);    /* that a block is sampled */
int64_t chance_draw(u64 *seed, double mean);   /* bytes up to the next point; from any thread */

#endif
