#include "allocations/live.h"
#include "allocations/region.h"

#define FIRST_SIZE 256u
#define MOST_SLOTS 22528u /* in a part: 22 MB in all, 70 % full at a million blocks */
#define STICKY 255        /* counts no further, and is never counted down */

static void count_up(volatile u8 *counter) {
    if (*counter < STICKY) ++*counter;
}

static void count_down(volatile u8 *counter) {
    if (*counter < STICKY) --*counter;
}

static u64 key_of(const void *address) { return (u64)address >> 3; }

static u32 slot_of(const LivePart *part, const void *address) {
    return (u32)((live_hash(address) << 6 >> 32) * part->size >> 32);
}

static const void *address_of(const LiveSlot *slot) { return (const void *)(slot->head >> 19 << 3); }

static void place(LivePart *part, LiveSlot filled) {
    u32 at = slot_of(part, address_of(&filled));
    while (part->slots[at].head) at = at + 1 == part->size ? 0 : at + 1;
    part->slots[at] = filled;
}

static int grow(Live *live, LivePart *part) {
    LivePart wider = {NULL, part->size ? part->size * 2 : FIRST_SIZE, part->count};
    if (wider.size > MOST_SLOTS) wider.size = MOST_SLOTS;
    if (wider.size == part->size) return part->count < part->size - part->size / 16;
    wider.slots = region_take(wider.size * sizeof *wider.slots);
    if (!wider.slots) return part->count < part->size - part->size / 16;
    for (u32 i = 0; i < part->size; i++)
        if (part->slots[i].head) place(&wider, part->slots[i]);
    if (part->slots) munmap(part->slots, part->size * sizeof *part->slots);
    live->memory += (wider.size - part->size) * sizeof *part->slots;
    *part = wider;
    return 1;
}

int live_put(Live *live, const void *address, const Block *block) {
    u64 hash = live_hash(address), size = block->size < 1ull << 40 ? block->size : (1ull << 40) - 1;
    LivePart *part = &live->parts[hash >> 58];
    if (part->count >= part->size - part->size / 4 && !grow(live, part)) return 0;
    place(part, (LiveSlot){key_of(address) << 19 | (size & 0x7FFFF),
                           size >> 19 << 43 | (u64)(block->epoch & 0x3FFFFFF) << 17 | block->site});
    part->count++;
    live->count++;
    count_up(&live->coarse[hash >> 52]);
    count_up(&live->filter[hash >> 48]);
    return 1;
}

/* Fills the hole with what lies behind it and belongs before it, until there is none: no mark of a removed block is needed. */
static void close_hole(LivePart *part, u32 hole) {
    for (u32 at = hole;;) {
        u32 home;
        at = at + 1 == part->size ? 0 : at + 1;
        if (!part->slots[at].head) break;
        home = slot_of(part, address_of(&part->slots[at]));
        if ((at + part->size - home) % part->size < (at + part->size - hole) % part->size) continue;
        part->slots[hole] = part->slots[at];
        hole = at;
    }
    part->slots[hole] = (LiveSlot){0, 0};
}

int live_take(Live *live, const void *address, Block *block) {
    u64 hash = live_hash(address), key = key_of(address);
    LivePart *part = &live->parts[hash >> 58];
    const LiveSlot *slot;
    u32 at;
    if (!key || !part->count) return 0; /* NULL may be freed, and a free slot looks like its own */
    for (at = slot_of(part, address); part->slots[at].head >> 19 != key; at = at + 1 == part->size ? 0 : at + 1)
        if (!part->slots[at].head) return 0;
    slot = &part->slots[at];
    *block = (Block){slot->tail >> 43 << 19 | (slot->head & 0x7FFFF), (u32)slot->tail & 0x1FFFF, (u32)(slot->tail >> 17) & 0x3FFFFFF};
    close_hole(part, at);
    part->count--;
    live->count--;
    count_down(&live->coarse[hash >> 52]);
    count_down(&live->filter[hash >> 48]);
    return 1;
}

void live_clear(Live *live) {
    for (int i = 0; i < LIVE_PARTS; i++) {
        if (live->parts[i].slots) munmap(live->parts[i].slots, live->parts[i].size * sizeof(LiveSlot));
        live->parts[i] = (LivePart){NULL, 0, 0};
    }
    for (int i = 0; i < COARSE_SIZE; i++) live->coarse[i] = 0;
    for (int i = 0; i < FILTER_SIZE; i++) live->filter[i] = 0;
    live->count = live->memory = 0;
}
