#include "allocations/sums.h"
#include <stddef.h>
#include "allocations/region.h"

#define INDEX (1u << 16)

int sums_open(Sums *sums) {
    sums->count = 0;
    sums->sums = region_take(MOST_SUMS * sizeof *sums->sums);
    sums->index = region_take(INDEX * sizeof *sums->index);
    return sums->sums && sums->index;
}

void sums_clear(Sums *sums) {
    while (sums->count) sums->index[sums->sums[--sums->count].slot] = 0;
}

static Sum *sum_of(Sums *sums, u32 kind, u32 site, u32 epoch) {
    u64 hash = ((u64)site << 27 | (u64)epoch << 1 | kind) * 0x9E3779B97F4A7C15ull;
    u32 slot = (u32)(hash >> 48);
    Sum *last = NULL;
    for (; sums->index[slot]; slot = (slot + 1) & (INDEX - 1)) {
        Sum *s = &sums->sums[sums->index[slot] - 1];
        if (s->kind != kind) continue;
        if (s->site == site && s->epoch == epoch) return s;
        last = s;
    }
    if (sums->count == MOST_SUMS) {
        for (u32 i = 0; !last && i < MOST_SUMS; i++)
            if (sums->sums[i].kind == kind) last = &sums->sums[i];
        return last;
    }
    sums->sums[sums->count] = (Sum){kind, site, epoch, slot, 0, 0, 0};
    sums->index[slot] = ++sums->count;
    return &sums->sums[sums->count - 1];
}

void sums_add(Sums *sums, u32 kind, u32 site, u32 epoch, double size, double p) {
    Sum *s = sum_of(sums, kind, site, epoch);
    if (!s) return;
    s->bytes += size / p;
    s->blocks += 1 / p;
    s->variance += size * size * (1 - p) / (p * p);
}
