#include "base/intern.h"
#include <string.h>
#include "base/hash.h"

#define FIRST_SIZE 4096

int intern_open(Intern *table, Memory *m) {
    table->memory = m;
    table->size = FIRST_SIZE;
    table->entries = mem_grow(m, NULL, 0, FIRST_SIZE * sizeof(Entry));
    return table->entries != NULL;
}

static Entry *slot_of(Entry *entries, u32 size, u64 hash, const void *content, u32 length) {
    u32 at = (u32)hash & (size - 1);
    for (; entries[at].hash; at = (at + 1) & (size - 1))
        if (entries[at].hash == hash && entries[at].length == length && !memcmp(entries[at].content, content, length)) break;
    return &entries[at];
}

static int grow(Intern *table) {
    Entry *wider = mem_grow(table->memory, NULL, 0, 2ull * table->size * sizeof(Entry));
    if (!wider) return 0;
    for (u32 i = 0; i < table->size; i++) {
        Entry *e = &table->entries[i];
        if (e->hash) *slot_of(wider, 2 * table->size, e->hash, e->content, e->length) = *e;
    }
    table->entries = wider; /* the narrower one is given back with all the rest */
    table->size *= 2;
    return 1;
}

u32 intern_find(Intern *table, const void *content, u32 length, int *is_new) {
    u64 hash = hash_bytes(content, length);
    Entry *e = slot_of(table->entries, table->size, hash, content, length);
    void *copy;
    *is_new = 0;
    if (e->hash) return e->id;
    if (table->count * 2 >= table->size) {
        if (!grow(table)) return 0;
        e = slot_of(table->entries, table->size, hash, content, length);
    }
    copy = mem_take(table->memory, length);
    if (!copy) return 0;
    memcpy(copy, content, length);
    e->hash = hash;
    e->length = length;
    e->content = copy;
    e->id = table->count++;
    *is_new = 1;
    return e->id;
}
