/* The slow paths of table.h: a megabyte or a granule that is used for the first time. */
#include "heap/table.h"

#define FIRST_REGIONS 1024
#define SLOTS_AT_ONCE (1u << 18)
#define MAX_CHUNKS 65536

int table_open(Table *t, Memory *m) {
    *t = (Table){0};
    t->memory = m;
    t->last = &t->none;
    t->region_size = FIRST_REGIONS;
    t->regions = mem_grow(m, NULL, 0, FIRST_REGIONS * sizeof(Region));
    t->chunks = mem_grow(m, NULL, 0, MAX_CHUNKS * sizeof(Chunk *));
    return t->regions && t->chunks;
}

static Region *find(Region *regions, u32 size, u64 key) {
    u32 at = (u32)(key * 0x9E3779B97F4A7C15ull >> 32) & (size - 1);
    while (regions[at].key && regions[at].key != key) at = (at + 1) & (size - 1);
    return &regions[at];
}

static int grow(Table *t) {
    Region *wider = mem_grow(t->memory, NULL, 0, 2ull * t->region_size * sizeof(Region));
    if (!wider) return 0;
    for (u32 i = 0; i < t->region_size; i++)
        if (t->regions[i].key) *find(wider, 2 * t->region_size, t->regions[i].key) = t->regions[i];
    t->regions = wider; /* the narrower one is given back with all the rest */
    t->region_size *= 2;
    t->last = &t->none;
    return 1;
}

static Region *region_of(Table *t, u64 key) {
    Region *region = find(t->regions, t->region_size, key);
    if (region->key) return region;
    if (t->region_count * 2 >= t->region_size) {
        if (!grow(t)) return NULL;
        region = find(t->regions, t->region_size, key);
    }
    region->granules = mem_take(t->memory, 2048 * sizeof(u32 *));
    if (!region->granules) return NULL;
    region->key = key;
    t->region_count++;
    return region;
}

u32 *table_slot_slow(Table *t, const char *address) {
    u64 a = (u64)address;
    u32 **granule;
    Region *region = region_of(t, (a >> 20) + 1);
    if (!region) return NULL;
    t->last = region;
    granule = &region->granules[(a >> 9) & 2047];
    if (!*granule) {
        if (t->slots_left == 0) {
            t->slots = mem_grow(t->memory, NULL, 0, SLOTS_AT_ONCE * sizeof(u32));
            if (!t->slots) return NULL;
            t->slots_left = SLOTS_AT_ONCE;
        }
        *granule = t->slots;
        t->slots += 32;
        t->slots_left -= 32;
    }
    return *granule + ((a >> 4) & 31);
}

int table_add_chunk(Table *t) {
    Chunk *chunk = mem_grow(t->memory, NULL, 0, sizeof(Chunk));
    t->chunks[t->count >> CHUNK_BITS] = chunk;
    return chunk != NULL;
}
