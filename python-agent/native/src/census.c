/*
 * Counts what the collector tracks, by type, and numbers nothing: a few megabytes and a tenth of the walk's time, for heaps
 * that are too large to be looked into. Only objects of the collector's lists: what hangs below them is not asked for.
 */
#include "core.h"

#define RECORD 20

void census_one(Walk *w, char *o) {
    TypeInfo *t = type_info(w, type_of(o));
    if (!t) return;
    t->counted++;
    t->counted_bytes += size_of(w, o, t);
    if (++w->counted & 1023) return;
    w->progress->nodes = w->progress->tracked = w->counted;
    if (w->progress->cancel) stop_walk(w, STOP_CANCEL);
}

void census_write(Walk *w) {
    Block block = {0};
    if (!block_open(&block, &w->memory, &w->out, "CENS", 1u << 20)) return;
    for (u32 i = 0; i < w->type_size; i++) {
        TypeInfo *t = w->type_slots[i];
        if (!t || !t->counted || !block_room(&block, RECORD)) continue;
        put32(&block, t->index);
        put64(&block, t->counted);
        put64(&block, t->counted_bytes);
        block.count++;
    }
    block_flush(&block);
    w->progress->nodes = w->progress->tracked = w->counted;
}
