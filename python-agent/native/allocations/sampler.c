#define _GNU_SOURCE
#include "allocations/sampler.h"
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "allocations/chance.h"
#include "allocations/region.h"
#include "allocations/spin.h"

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif
#define PAGE 4096
#define LONGEST_WAIT 100000 /* times that the end looks for threads in the sampler; each is in it for microseconds */

/* On a page that is empty in a child by fork. */
typedef struct { volatile u32 here; } Presence;

static struct {
    const Python *py;
    Presence *presence;
    int by_pid;               /* the page is not emptied, by old kernels */
    long pid;
    Spin lock;
    volatile u32 armed, inside;
    u32 frames, epoch;
    volatile u64 own_serial;
    u64 seed, dropped;
    double mean;
    u32 mean_count;
    struct { u32 from; double mean; } means[MOST_MEANS]; /* by the epoch from which each is valid */
    Live live;
    SiteTree sites;
    Sums sums[2], *now;
} the;

const Live *const sampler_live = &the.live;

static long own_pid(void) { return syscall(SYS_getpid); }

static int is_here(void) {
    return the.presence && the.presence->here && (!the.by_pid || own_pid() == the.pid);
}

/* ---- Beginning and end, with the GIL ---- */

int sampler_open(const Python *py, u32 frames, const char *own, u32 own_length) {
    the.py = py;
    the.frames = frames;
    the.presence = region_take(PAGE);
    if (!the.presence || !sites_open(&the.sites) || !sums_open(&the.sums[0]) || !sums_open(&the.sums[1])) return 0;
    the.by_pid = madvise(the.presence, PAGE, MADV_WIPEONFORK) != 0;
    the.sites.texts.own_length = own_length < LONGEST_TEXT ? own_length : 0;
    memcpy(the.sites.texts.own, own, the.sites.texts.own_length);
    the.now = &the.sums[0];
    return 1;
}

void sampler_disarm(void) {
    the.armed = 0;
    for (u32 tries = 0; the.inside && tries < LONGEST_WAIT; tries++) sched_yield();
}

static char *this_thread(void) { return the.py->functions.PyGILState_GetThisThreadState(); }

void sampler_set_own_thread(void) { the.own_serial = stack_serial(the.py, this_thread()); }

void sampler_limit_sites(u32 limit) { the.sites.limit = limit; }

/* ---- Epochs ---- */

static double mean_in(u32 epoch) {
    u32 at = the.mean_count;
    while (at > 1 && the.means[at - 1].from > epoch) at--;
    return at ? the.means[at - 1].mean : the.mean;
}

/* Of more than MOST_MEANS the oldest is forgotten: what is still alive of its time is taken for sampled with the next. */
static void set_mean(double mean) {
    the.mean = mean;
    the.armed = mean > 0;
    if (mean <= 0 || (the.mean_count && the.means[the.mean_count - 1].mean == mean)) return;
    if (the.mean_count == MOST_MEANS) memmove(&the.means[0], &the.means[1], --the.mean_count * sizeof the.means[0]);
    the.means[the.mean_count].from = the.epoch;
    the.means[the.mean_count++].mean = mean;
}

int sampler_reset(u64 seed, double mean) {
    int ok;
    if (!is_here()) the.lock = the.inside = 0; /* a child: the threads that had them are not in it */
    the.armed = 0;
    spin_lock(&the.lock);
    live_clear(&the.live);
    ok = sites_clear(&the.sites);
    sums_clear(&the.sums[0]);
    sums_clear(&the.sums[1]);
    the.epoch = the.mean_count = 0;
    the.dropped = 0;
    the.seed = seed;
    the.pid = own_pid();
    the.presence->here = ok ? 1 : 0;
    set_mean(mean);
    spin_unlock(&the.lock);
    return ok;
}

int sampler_collect(Collected *into, double mean, int always) {
    int begins;
    spin_lock(&the.lock);
    begins = always || the.now->count > 0;
    if (begins) {
        *into = (Collected){the.live.count, the.sites.merged, the.dropped, the.epoch, the.sites.count, the.sites.thread_count,
                            the.now};
        the.now = the.now == &the.sums[0] ? &the.sums[1] : &the.sums[0];
        sums_clear(the.now);
        the.epoch++;
        if (mean >= 0) set_mean(mean);
    }
    spin_unlock(&the.lock);
    return begins;
}

const SiteTree *sampler_sites(void) { return &the.sites; }

void sampler_name(u32 site, const char *name, u32 length) {
    u32 number;
    spin_lock(&the.lock);
    number = texts_number(&the.sites.texts, name, length < LONGEST_TEXT ? length : LONGEST_TEXT);
    if (number != NONE) the.sites.sites[site].name = number;
    spin_unlock(&the.lock);
}

u32 sampler_texts(void) {
    u32 count;
    spin_lock(&the.lock);
    count = the.sites.texts.count;
    spin_unlock(&the.lock);
    return count;
}

u64 sampler_memory(void) {
    u64 memory;
    spin_lock(&the.lock);
    memory = sizeof the + the.live.memory + the.sites.count * sizeof(Site) + the.sites.texts.used + the.sites.texts.count * sizeof(TextEntry);
    spin_unlock(&the.lock);
    return memory;
}

/* ---- Within the allocator ---- */

int64_t sampler_draw(void) {
    double mean = the.mean;
    return is_here() && the.armed && mean > 0 ? chance_draw(&the.seed, mean) : NEVER;
}

static void add(u32 kind, const Block *block) {
    double p = chance_of((double)block->size, mean_in(block->epoch));
    sums_add(the.now, kind, block->site, kind == SUM_FREED ? block->epoch : 0, (double)block->size, p);
}

static void keep(const void *address, size_t size, const Stack *stack) {
    Block stale, block = {size, sites_find(&the.sites, the.py, stack), the.epoch};
    if (block.site == OWN_SITE) return;
    if (live_take(&the.live, address, &stale)) add(SUM_FREED, &stale); /* its free did not pass through us */
    if (block.site == NONE || !live_put(&the.live, address, &block)) the.dropped++;
    else add(SUM_MADE, &block);
}

void sampler_made(void *address, size_t size) {
    Stack stack;
    char *thread;
    if (!is_here()) return;
    __atomic_add_fetch(&the.inside, 1, __ATOMIC_SEQ_CST);
    if (the.armed) {
        thread = this_thread();
        if (!thread || !the.own_serial || stack_serial(the.py, thread) != the.own_serial) {
            stack_read(the.py, thread, the.frames, &stack);
            spin_lock(&the.lock);
            keep(address, size, &stack);
            spin_unlock(&the.lock);
        }
    }
    __atomic_sub_fetch(&the.inside, 1, __ATOMIC_SEQ_CST);
}

int sampler_lift(void *address, Block *block) {
    int found;
    if (!is_here()) return 0;
    spin_lock(&the.lock);
    found = live_take(&the.live, address, block);
    spin_unlock(&the.lock);
    return found;
}

void sampler_put_back(void *address, const Block *block) {
    if (!is_here()) return;
    spin_lock(&the.lock);
    if (!live_put(&the.live, address, block)) add(SUM_FREED, block);
    spin_unlock(&the.lock);
}

void sampler_lifted_is_freed(const Block *block) {
    if (!is_here()) return;
    spin_lock(&the.lock);
    add(SUM_FREED, block);
    spin_unlock(&the.lock);
}

void sampler_freed(void *address) {
    Block block;
    if (!is_here()) return;
    spin_lock(&the.lock);
    if (live_take(&the.live, address, &block)) add(SUM_FREED, &block);
    spin_unlock(&the.lock);
}
