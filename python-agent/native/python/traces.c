#include "python/traces.h"
#include <string.h>

#define LONGEST_CHAIN 1000
#define SMALLEST_TABLE 16

typedef struct { u64 entries, buckets, heads; } Table;
typedef struct { u64 next, hash, key, value; } Entry;

int traces_read(const Traces *t, u64 at, void *into, size_t size) {
    if (t->careful) return peek(t->peek, (void *)at, into, size);
    memcpy(into, (void *)at, size);
    return 1;
}

static u64 value_in(const Traces *t, u64 address, u64 key) {
    u64 hash = key >> 4 | key << 60, at = 0;
    Table table;
    Entry entry;
    if (!traces_read(t, address, &table, sizeof table) || !table.heads) return 0;
    if (table.buckets < SMALLEST_TABLE || (table.buckets & (table.buckets - 1))) return 0;
    if (!traces_read(t, table.heads + 8 * (hash & (table.buckets - 1)), &at, 8)) return 0;
    for (int n = 0; at && n < LONGEST_CHAIN; n++, at = entry.next) {
        if (!traces_read(t, at, &entry, sizeof entry)) return 0;
        if (entry.key == key) return entry.value;
    }
    return 0;
}

u64 traces_of(const Traces *t, u64 block) {
    u64 table = 0, trace, pair[2];
    if (!traces_read(t, t->slot, &table, 8) || !table) return 0;
    trace = value_in(t, table, block);
    return trace && traces_read(t, trace, pair, sizeof pair) ? pair[1] : 0;
}

u64 traces_find(const Peek *p, u64 from, u64 to, u64 block) {
    Traces careful = {p, 0, 1};
    u64 words[512];
    for (u64 at = from; at < to; at += sizeof words) {
        size_t size = to - at < sizeof words ? to - at : sizeof words;
        if (!peek(p, (void *)at, words, size)) continue;
        for (size_t i = 0; i < size / 8; i++) {
            u64 word = words[i];
            if (!word || word & 15 || (word >= from && word < to)) continue;
            if (value_in(&careful, word, block)) return at + 8 * i;
        }
    }
    return 0;
}
