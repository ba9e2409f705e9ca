#include "allocations/texts.h"
#include <string.h>
#include "allocations/region.h"
#include "base/hash.h"
#include "python/text.h"

#define BYTES (2u << 20)
#define INDEX (1u << 17)

static const char *const first[] = {"", "\xE2\x80\xA6", "(merged)", "(no Python thread)", "(other threads)"};

int texts_open(TextTable *t) {
    t->entries = region_take(MOST_TEXTS * sizeof *t->entries);
    t->bytes = region_take(BYTES);
    t->index = region_take(INDEX * sizeof *t->index);
    return t->entries && t->bytes && t->index;
}

int texts_clear(TextTable *t) {
    t->count = t->used = 0;
    if (!region_clear(t->bytes, BYTES) || !region_clear(t->index, INDEX * sizeof *t->index)) return 0;
    for (u32 i = 0; i < sizeof first / sizeof *first; i++) texts_number(t, first[i], (u32)strlen(first[i]));
    return 1;
}

u32 texts_number(TextTable *t, const char *bytes, u32 length) {
    u32 hash = (u32)hash_bytes(bytes, length), slot = hash & (INDEX - 1);
    TextEntry *e;
    for (; t->index[slot]; slot = (slot + 1) & (INDEX - 1)) {
        e = &t->entries[t->index[slot] - 1];
        if (e->hash == hash && e->length == length && !memcmp(t->bytes + e->at, bytes, length)) return t->index[slot] - 1;
    }
    if (t->count == MOST_TEXTS || t->used + length > BYTES) return NONE;
    e = &t->entries[t->count];
    *e = (TextEntry){t->used, hash, (u16)length, t->own_length && length > t->own_length && !memcmp(bytes, t->own, t->own_length)};
    memcpy(t->bytes + t->used, bytes, length);
    t->used += length;
    t->index[slot] = ++t->count;
    return t->count - 1;
}

u32 texts_number_of(TextTable *t, const Python *py, const char *str) {
    Text text;
    if (!str || type_of(str) != py->types.str_ || !text_of(py, str, &text)) return TEXT_NONE;
    if (text.kind == 1 && half_at(str, STR_STATE) & 0x40) /* ASCII */
        return texts_number(t, (const char *)text.data, text.length < LONGEST_TEXT ? (u32)text.length : LONGEST_TEXT);
    return texts_number(t, t->scratch, text_utf8(py, str, t->scratch, LONGEST_TEXT));
}
