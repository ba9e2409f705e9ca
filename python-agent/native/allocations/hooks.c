#include "allocations/hooks.h"
#include "allocations/sampler.h"

enum { RAW, MEM, OBJ, DOMAINS };

#define TIMES 4       /* that the hooks can be set */
#define CANARY 41     /* bytes */
#define TRIES 10      /* that a canary has: a thread that runs without the GIL may have overwritten the countdown */
#define INNER_LIMIT 1024u
#define NOT_INNER ((size_t)-1)
#define DEBUG_HEAD 64 /* at least what debugging allocators put before a block */

static struct {
    const Functions *functions;
    struct { void *(*take)(size_t); void (*give)(void *); } plain[DOMAINS];
    MemoryFunctions next[TIMES][DOMAINS]; /* written once, before the functions that read it are set */
    int times;
    size_t inner_from;
    volatile int64_t left_held; /* bytes up to the next sample in the domains whose callers hold the GIL */
    volatile int64_t left_raw;
    volatile u64 raw_resized;
    volatile int canary_came;
    void *volatile canary; /* the state of the thread that is allocating one; else NULL */
} the;

/* ---- The countdown ---- */

/* While there is a canary every block is looked at, and none is sampled. */
static int64_t draw(void) { return the.canary ? 0 : sampler_draw(); }

static __attribute__((noinline)) void passed(void *block, size_t size) {
    if (likely(!the.canary)) sampler_made(block, size);
    else if (the.functions->PyGILState_GetThisThreadState() == the.canary) the.canary_came = 1;
}

static inline void took_held(void *block, size_t size) {
    int64_t left;
    if (unlikely(size >= the.inner_from)) return;
    left = the.left_held - (int64_t)size;
    if (unlikely(left < 0)) {
        the.left_held = draw();
        passed(block, size);
    } else {
        the.left_held = left;
    }
}

static inline void took_raw(void *block, size_t size) {
    int64_t left = __atomic_load_n(&the.left_raw, __ATOMIC_RELAXED), then;
    do then = left >= (int64_t)size ? left - (int64_t)size : draw();
    while (!__atomic_compare_exchange_n(&the.left_raw, &left, then, 1, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    if (unlikely(left < (int64_t)size)) passed(block, size);
}

static inline void took(int domain, void *block, size_t size) {
    if (!block) return;
    if (size == 0) size = 1;
    if (domain == RAW) took_raw(block, size);
    else took_held(block, size);
}

static inline void gives(void *block) {
    if (unlikely(live_may_have(sampler_live, block))) sampler_freed(block);
}

/*
 * Out of the table before the allocator may give the address to another thread, and back into it where it keeps the block. A block that
 * lies in the raw domain stays there when it shrinks: then the raw hook has counted it.
 */
static inline void *resized(int domain, const MemoryFunctions *next, void *ctx, void *block, size_t size) {
    Block old;
    int was_live = block && unlikely(live_may_have(sampler_live, block)) && sampler_lift(block, &old);
    void *fresh;
    if (domain != RAW) the.raw_resized = 0;
    fresh = next->resize(ctx, block, size);
    if (was_live) {
        if (fresh) sampler_lifted_is_freed(&old);
        else sampler_put_back(block, &old);
    }
    if (domain == RAW) the.raw_resized = (u64)fresh;
    else if ((u64)fresh - the.raw_resized < DEBUG_HEAD) return fresh;
    took(domain, fresh, size);
    return fresh;
}

/* ---- The hooks ---- */

#define HOOKS(time, domain) \
    static void *take_##time##_##domain(void *ctx, size_t size) { \
        void *block = the.next[time][domain].take(ctx, size); \
        took(domain, block, size); \
        return block; \
    } \
    static void *take_zeroed_##time##_##domain(void *ctx, size_t count, size_t size) { \
        void *block = the.next[time][domain].take_zeroed(ctx, count, size); \
        took(domain, block, count * size); \
        return block; \
    } \
    static void *resize_##time##_##domain(void *ctx, void *block, size_t size) { \
        return resized(domain, &the.next[time][domain], ctx, block, size); \
    } \
    static void give_##time##_##domain(void *ctx, void *block) { \
        gives(block); \
        the.next[time][domain].give(ctx, block); \
    }
#define HOOKS_OF(time) HOOKS(time, RAW) HOOKS(time, MEM) HOOKS(time, OBJ)
#define NAMES(time, domain) \
    {0, take_##time##_##domain, take_zeroed_##time##_##domain, resize_##time##_##domain, give_##time##_##domain}
#define NAMES_OF(time) {NAMES(time, RAW), NAMES(time, MEM), NAMES(time, OBJ)}

HOOKS_OF(0) HOOKS_OF(1) HOOKS_OF(2) HOOKS_OF(3)

static const MemoryFunctions hooks[TIMES][DOMAINS] = {NAMES_OF(0), NAMES_OF(1), NAMES_OF(2), NAMES_OF(3)};

/* ---- Setting them, with the GIL ---- */

int hooks_open(const Python *py) {
    static const char *const names[DOMAINS][2] = {
        {"PyMem_RawMalloc", "PyMem_RawFree"}, {"PyMem_Malloc", "PyMem_Free"}, {"PyObject_Malloc", "PyObject_Free"}};
    the.functions = &py->functions;
    the.inner_from = NOT_INNER;
    the.left_held = the.left_raw = NEVER;
    for (int d = 0; d < DOMAINS; d++) {
        *(void **)&the.plain[d].take = function_named(names[d][0]);
        *(void **)&the.plain[d].give = function_named(names[d][1]);
        if (!the.plain[d].take || !the.plain[d].give) return 0;
    }
    return the.functions->PyMem_GetAllocator && the.functions->PyMem_SetAllocator && the.functions->PyGILState_GetThisThreadState;
}

/* The same `ctx` as before: a thread in the raw domain may read one word of the old functions and one of the new. */
int hooks_set(u32 domains) {
    if (the.times == TIMES) return 0;
    for (int d = 0; d < DOMAINS; d++) {
        MemoryFunctions ours = hooks[the.times][d];
        if (!(domains >> d & 1)) continue;
        the.functions->PyMem_GetAllocator(d, &the.next[the.times][d]);
        ours.ctx = the.next[the.times][d].ctx;
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        the.functions->PyMem_SetAllocator(d, &ours);
    }
    the.times++;
    return 1;
}

/* Whether what this thread allocates in one domain passes through our hook of another. */
static int passes(int domain, int through, size_t size) {
    void *block;
    the.canary_came = 0;
    the.canary = the.functions->PyGILState_GetThisThreadState();
    the.left_held = through == RAW ? NEVER : 0;
    __atomic_store_n(&the.left_raw, through == RAW ? 0 : NEVER, __ATOMIC_SEQ_CST);
    block = the.plain[domain].take(size);
    the.canary = NULL;
    the.plain[domain].give(block);
    return the.canary_came;
}

u32 hooks_are_in(void) {
    u32 found = 0;
    for (int tries = 0; tries < TRIES; tries++)
        for (int d = 0; d < DOMAINS; d++)
            if (!(found >> d & 1) && passes(d, d, CANARY)) found |= 1u << d;
    hooks_arm(); /* the process has no memory: the next point is as far from here as from anywhere */
    return found;
}

void hooks_measure(void) {
    for (size_t size = INNER_LIMIT; size > 0 && passes(OBJ, RAW, size); size--) the.inner_from = size;
}

void hooks_arm(void) {
    the.left_held = sampler_draw();
    __atomic_store_n(&the.left_raw, sampler_draw(), __ATOMIC_SEQ_CST);
}

size_t hooks_inner_from(void) { return the.inner_from; }
