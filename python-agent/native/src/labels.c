/* Labels, shapes and file names: each gets an id the first time it is seen, and is written then. */
#include "core.h"

#define FIRST_SIZE 4096
#define NAME_CACHE 8192
#define MAX_LABEL 200
#define MAX_SHAPE 65535

u64 hash_bytes(const void *data, u32 length) {
    const u8 *at = data;
    u64 h = 0x9E3779B97F4A7C15ull ^ length;
    for (; length >= 8; at += 8, length -= 8) {
        u64 v;
        memcpy(&v, at, 8);
        h = (h ^ v) * 0xFF51AFD7ED558CCDull;
        h ^= h >> 32;
    }
    while (length--) h = (h ^ *at++) * 0x100000001B3ull;
    h ^= h >> 29;
    return h ? h : 1;
}

static int intern_open(Walk *w, Intern *table) {
    table->size = FIRST_SIZE;
    table->entries = mem_grow(&w->memory, NULL, 0, FIRST_SIZE * sizeof(Entry));
    return table->entries != NULL;
}

static Entry *slot_of(Entry *entries, u32 size, u64 hash, const void *content, u32 length) {
    u32 at = (u32)hash & (size - 1);
    for (; entries[at].hash; at = (at + 1) & (size - 1))
        if (entries[at].hash == hash && entries[at].length == length && !memcmp(entries[at].content, content, length)) break;
    return &entries[at];
}

static int intern_grow(Walk *w, Intern *table) {
    Entry *wider = mem_grow(&w->memory, NULL, 0, 2ull * table->size * sizeof(Entry));
    if (!wider) return 0;
    for (u32 i = 0; i < table->size; i++) {
        Entry *e = &table->entries[i];
        if (e->hash) *slot_of(wider, 2 * table->size, e->hash, e->content, e->length) = *e;
    }
    table->entries = wider;
    table->size *= 2;
    return 1;
}

u32 intern_find(Walk *w, Intern *table, const void *content, u32 length, int *is_new) {
    u64 hash = hash_bytes(content, length);
    Entry *e = slot_of(table->entries, table->size, hash, content, length);
    void *copy;
    *is_new = 0;
    if (e->hash) return e->id;
    if (table->count * 2 >= table->size) {
        if (!intern_grow(w, table)) return 0;
        e = slot_of(table->entries, table->size, hash, content, length);
    }
    copy = mem_take(&w->memory, length);
    if (!copy) return 0;
    memcpy(copy, content, length);
    e->hash = hash;
    e->length = length;
    e->content = copy;
    e->id = table->count++;
    *is_new = 1;
    return e->id;
}

int names_open(Walk *w) {
    w->name_cache = mem_grow(&w->memory, NULL, 0, NAME_CACHE * sizeof(Entry));
    w->shape_buffer = mem_grow(&w->memory, NULL, 0, 4 + 4 * MAX_SHAPE);
    if (!w->name_cache || !w->shape_buffer || !intern_open(w, &w->label_table) || !intern_open(w, &w->shape_table) ||
        !intern_open(w, &w->file_table) || !intern_open(w, &w->site_table))
        return 0;
    label_for(w, KIND_NONE, "", 0);
    w->label_dict = label_for(w, KIND_FIELD, "__dict__", 8);
    w->label_class = label_for(w, KIND_FIELD, "__class__", 9);
    w->label_code = label_for(w, KIND_FIELD, "f_code", 6);
    w->label_func = label_for(w, KIND_FIELD, "f_func", 6);
    w->label_globals = label_for(w, KIND_FIELD, "f_globals", 9);
    w->label_locals = label_for(w, KIND_FIELD, "f_locals", 8);
    w->label_base = label_for(w, KIND_FIELD, "base", 4);
    for (int i = 0; i < probed_count; i++)
        probed[i].label = label_for(w, probed[i].kind, probed[i].name, probed[i].length);
    for (u8 rest = REST_UNNAMED; rest <= REST_MEMBERS; rest++) w->shape_rest[rest] = shape_for(w, rest, NULL, 0);
    return !stopped(w);
}

static void note_secret(Walk *w, u32 id, const char *name, u32 length) {
    if (!w->options.previews) return;
    if (id / 8 >= w->secret_size) {
        u32 size = w->secret_size ? 2 * w->secret_size : 4096;
        while (id / 8 >= size) size *= 2;
        w->secret_labels = mem_grow(&w->memory, w->secret_labels, w->secret_size, size);
        if (!w->secret_labels) return;
        w->secret_size = size;
    }
    if (text_matches_secret(w, name, length)) w->secret_labels[id / 8] |= (u8)(1u << (id & 7));
}

int label_is_secret(Walk *w, u32 label) { return w->secret_labels && w->secret_labels[label / 8] >> (label & 7) & 1; }

u32 label_for(Walk *w, u8 kind, const char *name, u32 length) {
    u8 content[1 + MAX_LABEL];
    int is_new;
    u32 id;
    if (length > MAX_LABEL)
        for (length = MAX_LABEL; length && ((u8)name[length] & 0xC0) == 0x80;) length--;
    content[0] = kind;
    memcpy(content + 1, name, length);
    id = intern_find(w, &w->label_table, content, length + 1, &is_new);
    if (is_new && block_room(&w->labels, length + 3)) {
        put8(&w->labels, kind);
        put16(&w->labels, (u16)length);
        put(&w->labels, name, length);
        w->labels.count++;
        note_secret(w, id, name, length);
    }
    return id;
}

u32 label_for_str(Walk *w, u8 kind, char *str) {
    Entry *e = &w->name_cache[((u64)str >> 4 ^ (u64)str >> 17 ^ kind) & (NAME_CACHE - 1)];
    char name[MAX_LABEL];
    if (e->content == str && e->length == kind && e->hash) return e->id;
    e->id = label_for(w, kind, name, text_utf8(str, name, MAX_LABEL));
    e->content = str;
    e->length = kind;
    e->hash = 1;
    return e->id;
}

u32 shape_for(Walk *w, u8 rest, const u32 *labels, u32 count) {
    u8 *content = w->shape_buffer;
    u32 length, id;
    u16 n;
    int is_new;
    if (count > MAX_SHAPE) count = MAX_SHAPE; /* the others stay unnamed */
    length = 4 + 4 * count;
    n = (u16)count;
    content[0] = rest;
    content[1] = 0;
    memcpy(content + 2, &n, 2);
    if (count) memcpy(content + 4, labels, 4ull * count);
    id = intern_find(w, &w->shape_table, content, length, &is_new);
    if (is_new && block_room(&w->shapes, length)) {
        put(&w->shapes, content, length);
        w->shapes.count++;
    }
    return id;
}

u32 file_for(Walk *w, char *str) {
    char name[1000];
    u32 length = text_utf8(str, name, sizeof name);
    int is_new;
    u32 id = intern_find(w, &w->file_table, name, length, &is_new);
    if (is_new && block_room(&w->files, length + 2)) {
        put16(&w->files, (u16)length);
        put(&w->files, name, length);
        w->files.count++;
    }
    return id;
}
