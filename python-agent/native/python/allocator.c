#define _GNU_SOURCE
#include "python/allocator.h"
#include <string.h>
#include <sys/mman.h>

#define OBJECTS 2 /* PYMEM_DOMAIN_OBJ */
#define ROOM (1u << 20)
#define HEAD 16 /* the size of the block */

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

static struct { char *at, *end; } room;

static void *take(void *ctx, size_t size) {
    char *block;
    size_t whole = (size + HEAD + 15) & ~(size_t)15;
    (void)ctx;
    if (whole < size) return NULL;
    if (!room.at || whole > (size_t)(room.end - room.at)) {
        size_t fresh = whole > ROOM ? whole : ROOM;
        char *mapped = mmap(NULL, fresh, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED) return NULL;
        room.at = mapped;
        room.end = mapped + fresh;
    }
    block = room.at + HEAD;
    memcpy(room.at, &whole, sizeof whole);
    room.at += whole;
    return block;
}

static void *take_zeroed(void *ctx, size_t count, size_t size) {
    void *block = size && count > (size_t)-1 / size ? NULL : take(ctx, count * size);
    return block ? memset(block, 0, count * size) : NULL;
}

/* The last one is used again. Others, and what is not ours, stay where they are: the child does not live long. */
static void give(void *ctx, void *block) {
    size_t whole;
    (void)ctx;
    if (!block || (char *)block < room.end - ROOM || (char *)block >= room.at) return;
    memcpy(&whole, (char *)block - HEAD, sizeof whole);
    if ((char *)block - HEAD + whole == room.at) room.at = (char *)block - HEAD;
}

/* How large a block of another allocator is nobody knows. */
static void *resize(void *ctx, void *block, size_t size) { return block ? NULL : take(ctx, size); }

void allocator_take_over(const Functions *functions) {
    MemoryFunctions ours = {NULL, take, take_zeroed, resize, give};
    if (functions->PyMem_SetAllocator) functions->PyMem_SetAllocator(OBJECTS, &ours);
}
