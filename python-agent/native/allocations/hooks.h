/*
 * The hooks in Python's allocators: raw, mem and object domain. Set once; what turns sampling off is a countdown that does not end.
 *
 * A library that was there before us, and leaves, takes us out with it (tracemalloc does). We are then set again, with other functions: a
 * thread may still be in the old ones, and somebody may have kept them.
 */
#ifndef HEAPSCOPE_ALLOCATIONS_HOOKS_H
#define HEAPSCOPE_ALLOCATIONS_HOOKS_H

#include "python/python.h"

#define HOOKS_ALL 7 /* a bit for each domain */

int hooks_open(const Python *py);   /* 0: the interpreter lacks a function that is needed */
int hooks_set(u32 domains);         /* 0: too often */
void hooks_measure(void);           /* once they are set, and before they are armed */
u32 hooks_are_in(void);             /* in which domains allocations pass through us: seen, not asked */
void hooks_arm(void);               /* a fresh countdown: after each change of the mean */
size_t hooks_inner_from(void);      /* from this size on, what the other domains allocate passes through the raw one too */

#endif
