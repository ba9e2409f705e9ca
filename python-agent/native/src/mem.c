/* Memory of a walk: mmap alone (in a forked child malloc's lock may be held by a thread that is not there). */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>
#include "core.h"

#define CHUNK_SIZE (1u << 20)
#define HEAD 16

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

/* Every mapping begins with the one before it, so that all can be given back. */
typedef struct Mapping { struct Mapping *before; size_t size; } Mapping;

static Mapping *last_mapping; /* one walk at a time in a process */

static char *map(Memory *m, size_t size) {
    Mapping *mapping;
    if (m->limit && m->used + size > m->limit) {
        m->progress->stop = STOP_MEMORY;
        return NULL;
    }
    mapping = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) {
        m->progress->stop = STOP_MEMORY;
        return NULL;
    }
    mapping->before = last_mapping;
    mapping->size = size;
    last_mapping = mapping;
    m->used += size;
    m->progress->memory = m->used;
    return (char *)mapping + HEAD;
}

static void unmap(Memory *m, void *at) {
    Mapping *mapping = (Mapping *)((char *)at - HEAD), **link = &last_mapping;
    while (*link != mapping) link = &(*link)->before;
    *link = mapping->before;
    m->used -= mapping->size;
    munmap(mapping, mapping->size);
}

static size_t in_pages(size_t size) { return (size + HEAD + 4095) & ~(size_t)4095; }

void *mem_take(Memory *m, size_t size) {
    char *at;
    size = (size + 15) & ~(size_t)15;
    if (size >= CHUNK_SIZE / 4) return map(m, in_pages(size));
    if (size > m->left) {
        char *chunk = map(m, CHUNK_SIZE);
        if (!chunk) return NULL;
        m->chunk = chunk;
        m->left = CHUNK_SIZE - HEAD;
    }
    at = m->chunk;
    m->chunk += size;
    m->left -= size;
    return at;
}

void *mem_grow(Memory *m, void *old, size_t old_size, size_t new_size) {
    char *at = map(m, in_pages(new_size));
    if (!at) return NULL;
    if (old) {
        memcpy(at, old, old_size);
        unmap(m, old);
    }
    return at;
}

void mem_end(Memory *m) {
    while (last_mapping) {
        Mapping *before = last_mapping->before;
        munmap(last_mapping, last_mapping->size);
        last_mapping = before;
    }
    m->used = m->left = 0;
    m->chunk = NULL;
}
