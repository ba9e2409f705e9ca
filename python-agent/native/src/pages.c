/*
 * Joins small pages into large ones (transparent huge pages) before a fork, which copies a page table entry for each page:
 * of 4 KiB they are 512 times as many as of 2 MiB. The program's threads run meanwhile; one that touches a region just when
 * it is being copied waits for that copy, a fraction of a millisecond.
 */
#define _GNU_SOURCE
#include <errno.h>
#include "fork.h"

#ifdef __linux__
#include <sys/mman.h>

#define COLLAPSE 25 /* MADV_COLLAPSE, Linux 6.1 */
#define REGION (2ul << 20)
#define PAGE 4096ul
#define PAGES (REGION / PAGE)
#define AT_ONCE 8 /* regions in one call, each of which first drains lists of all processors */

/* Whether so many of its pages are there that joining them costs next to no memory. */
static int is_full(u64 region, u32 pages_needed) {
    unsigned char there[PAGES];
    u32 count = 0;
    if (mincore((void *)region, REGION, there) != 0) return 0;
    for (u32 i = 0; i < PAGES; i++) count += there[i] & 1;
    return count >= pages_needed;
}

u64 pages_join(u64 from, u64 to, u32 pages_needed, double until, u64 *joined, int *error) {
    u64 at = (from + REGION - 1) & ~(REGION - 1);
    *error = 0;
    while (at + REGION <= to && now_monotonic() < until) {
        u64 end = at;
        while (end + REGION <= to && end - at < AT_ONCE * REGION && is_full(end, pages_needed)) end += REGION;
        if (end == at) {
            at += REGION;
        } else if (madvise((void *)at, end - at, COLLAPSE) == 0) {
            *joined += end - at;
            at = end;
        } else if (errno == ENOMEM || errno == EINVAL) { /* no large page is free; or a kernel or mapping without any */
            *error = errno;
            return to;
        } else {
            at = end;
        }
    }
    return at + REGION <= to ? at : to;
}

#else

u64 pages_join(u64 from, u64 to, u32 pages_needed, double until, u64 *joined, int *error) {
    (void)from, (void)pages_needed, (void)until, (void)joined;
    *error = ENOSYS;
    return to;
}

#endif
