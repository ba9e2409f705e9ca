#define _GNU_SOURCE
#include "base/memory.h"
#include <string.h>
#include <sys/mman.h>

#define CHUNK_SIZE (1u << 20)
#define HEAD 16

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

/* Every mapping begins with a link to the previous one, so that all can be freed. */
struct Mapping { Mapping *before; size_t size; };

void mem_open(Memory *m, u64 limit, Progress *progress) {
    *m = (Memory){0, limit, NULL, NULL, 0, progress};
}

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
    mapping->before = m->mappings;
    mapping->size = size;
    m->mappings = mapping;
    m->used += size;
    m->progress->memory = m->used;
    return (char *)mapping + HEAD;
}

static void unmap(Memory *m, void *at) {
    Mapping *mapping = (Mapping *)((char *)at - HEAD), **link = &m->mappings;
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
    while (m->mappings) {
        Mapping *before = m->mappings->before;
        munmap(m->mappings, m->mappings->size);
        m->mappings = before;
    }
    m->used = m->left = 0;
    m->chunk = NULL;
}
