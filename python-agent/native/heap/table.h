/*
 * Maps the address of an object to its number.
 *
 * Not a hash of pointers: objects are allocated side by side and refer to their neighbours, and a hash scatters them over
 * memory, one cache miss per edge. Here an address leads through its megabyte (a small hash, all in cache) to the table of
 * its 512-byte granule, where each 16 bytes have one slot, since no two objects begin closer than that:
 *
 *     0x7f25 25dF 3a40
 *       megabyte 0x7f2525d -> granules[0x1f9] -> slots[0x24 >> … & 31] = number + 1, or 0
 *
 * Small objects cost 10 to 30 bytes each in all, and one that is alone in its granule 140.
 */
#ifndef HEAPSCOPE_HEAP_TABLE_H
#define HEAPSCOPE_HEAP_TABLE_H

#include "base/memory.h"

#define CHUNK_BITS 16
#define CHUNK (1u << CHUNK_BITS)

typedef struct {
    u64 key; /* address >> 20, plus 1 */
    u32 **granules;
} Region;

/* Nodes by number, in pieces: their addresses, and three bits each. */
typedef struct {
    char *address[CHUNK];
    u64 texted[CHUNK / 64]; /* its text was written */
    u64 dict[CHUNK / 64];   /* it is an instance's __dict__ */
    u64 secret[CHUNK / 64]; /* a redacted name leads here */
} Chunk;

typedef struct {
    Memory *memory;
    Region *regions; /* open addressing */
    u32 region_size, region_count;
    Region *last;   /* the one that was asked for before, or `none` */
    Region none;
    Chunk **chunks;
    u64 count;
    u32 *slots;
    u32 slots_left;
} Table;

int table_open(Table *t, Memory *m);
u32 *table_slot_slow(Table *t, const char *address); /* NULL where memory ends */
int table_add_chunk(Table *t);

static inline u32 *table_slot(Table *t, const char *address) {
    u64 a = (u64)address;
    if (likely(t->last->key == (a >> 20) + 1)) {
        u32 *granule = t->last->granules[(a >> 9) & 2047];
        if (likely(granule != NULL)) return granule + ((a >> 4) & 31);
    }
    return table_slot_slow(t, address);
}

static inline char *table_address(const Table *t, u32 number) {
    return t->chunks[number >> CHUNK_BITS]->address[number & (CHUNK - 1)];
}

#define table_bit(t, number, bits) \
    ((t)->chunks[(number) >> CHUNK_BITS]->bits[((number) & (CHUNK - 1)) >> 6] >> ((number) & 63) & 1)
#define table_set(t, number, bits) \
    ((t)->chunks[(number) >> CHUNK_BITS]->bits[((number) & (CHUNK - 1)) >> 6] |= 1ull << ((number) & 63))

#endif
