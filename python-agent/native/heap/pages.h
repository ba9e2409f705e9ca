/*
 * Joins small pages into large ones (transparent huge pages) before a fork, which copies a page table entry for each page:
 * of 4 KiB they are 512 times as many as of 2 MiB. The program's threads run meanwhile, but each that needs the page table
 * (a fault, or an access to what is being copied) waits for the region's end: 1 to 3 ms. After each, as long is left to them.
 */
#ifndef HEAPSCOPE_HEAP_PAGES_H
#define HEAPSCOPE_HEAP_PAGES_H

#include "base/words.h"

u64 pages_resident(void); /* bytes in memory now; 0 where that is not told */
/* Joins the pages of well-filled regions between two addresses, until then; where it came to. Counts bytes; error: why it ends. */
u64 pages_join(u64 from, u64 to, u32 pages_needed, double until, u64 *joined, int *error);

#endif
