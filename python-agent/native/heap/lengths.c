#include "heap/lengths.h"
#include <stdio.h>

u8 measured_of(const Python *py, const char *type, const TypeInfo *base) {
    if (type == py->types.str_) return MEASURED_STR;
    if (type == py->types.bytes_) return MEASURED_BYTES;
    if (type == py->types.bytearray_) return MEASURED_BYTES;
    if (type == py->types.array_ && py->layout.array_kind > 0) return MEASURED_ARRAY;
    return base ? base->measured : MEASURED_NOT;
}

static int size_tells(const Python *py, const char *o, const TypeInfo *t, u64 size) {
    return t->is_bytes || (t->is_str && size == (u64)py->layout.str_empty + word_at(o, STR_LENGTH));
}

/* The name of a letter of the module array, as numpy would have it; the size of an item. */
static u64 kind_of(const Python *py, const char *o, char *into, size_t room) {
    static const char letters[] = "bhilqBHILQfduw";
    static const char *const names[] = {"int", "uint", "float"};
    const char *kind = pointer_at(o, py->layout.array_kind), *at;
    u64 size = half_at(kind, 4);
    char letter = (char)byte_at(kind, 0);
    at = letter ? strchr(letters, letter) : NULL;
    if (!at) snprintf(into, room, "%c", letter);
    else if (at - letters >= 12) snprintf(into, room, "U1");
    else snprintf(into, room, "%s%llu", names[(at - letters) / 5], (unsigned long long)(8 * size));
    return size;
}

void length_note(Arrays *arrays, const char *o, const TypeInfo *t, u64 size, u32 number) {
    const Python *py = arrays->graph->py;
    char dtype[32] = "", shape[32];
    u64 length = word_at(o, t->measured == MEASURED_STR ? STR_LENGTH : OB_SIZE), each = t->measured == MEASURED_BYTES;
    if (size_tells(py, o, t, size)) return;
    if (t->measured == MEASURED_ARRAY) each = kind_of(py, o, dtype, sizeof dtype);
    snprintf(shape, sizeof shape, "(%llu,)", (unsigned long long)length);
    array_record(arrays, number, length * each, 1, dtype, shape);
}
