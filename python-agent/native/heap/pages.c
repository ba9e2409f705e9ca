#define _GNU_SOURCE
#include "heap/pages.h"
#include <errno.h>
#include <unistd.h>

#ifdef __linux__
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include "base/clock.h"
#include "base/files.h"

#define COLLAPSE 25 /* MADV_COLLAPSE, Linux 6.1 */
#define REGION (2ul << 20)
#define PAGE 4096ul
#define PAGES (REGION / PAGE)

/* Whether so many of its pages are there that joining them costs next to no memory. */
static int is_full(u64 region, u32 pages_needed) {
    unsigned char there[PAGES];
    u32 count = 0;
    if (mincore((void *)region, REGION, there) != 0) return 0;
    for (u32 i = 0; i < PAGES; i++) count += there[i] & 1;
    return count >= pages_needed;
}

static void leave_time(double seconds) {
    struct timespec pause = {0, (long)(1e9 * (seconds < 0.05 ? seconds : 0.05))};
    nanosleep(&pause, NULL);
}

u64 pages_join(u64 from, u64 to, u32 pages_needed, double until, u64 *joined, int *error) {
    u64 at;
    *error = 0;
    for (at = (from + REGION - 1) & ~(REGION - 1); at + REGION <= to && now_monotonic() < until; at += REGION) {
        double began = now_monotonic();
        if (!is_full(at, pages_needed)) continue;
        if (madvise((void *)at, REGION, COLLAPSE) == 0) {
            *joined += REGION;
            leave_time(now_monotonic() - began);
        } else if (errno == ENOMEM || errno == EINVAL) { /* no large page is free; or a kernel or mapping without any */
            *error = errno;
            return to;
        }
    }
    return at + REGION <= to ? at : to;
}

u64 pages_resident(void) {
    size_t size;
    char *text = file_read("/proc/self/statm", &size), *at = text, *end = text + size;
    u64 pages = 0;
    while (at < end && *at > ' ') at++; /* the first number is what is mapped */
    while (at < end && *at == ' ') at++;
    while (at < end && *at >= '0' && *at <= '9') pages = pages * 10 + (u64)(*at++ - '0');
    free(text);
    return pages * (u64)sysconf(_SC_PAGESIZE);
}

#else

u64 pages_resident(void) { return 0; }

u64 pages_join(u64 from, u64 to, u32 pages_needed, double until, u64 *joined, int *error) {
    (void)from, (void)pages_needed, (void)until, (void)joined;
    *error = ENOSYS;
    return to;
}

#endif
