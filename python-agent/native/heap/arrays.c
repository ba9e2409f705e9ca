#include "heap/arrays.h"
#include <stdio.h>
#include "base/dump_format.h"

#define OWNS_DATA 4
#define MAX_DIMENSIONS 64

typedef struct { char *data, *descr; int64_t *shape; u64 count, item; int dimensions, owns; char kind; } Array;

static int array_of(const Python *py, const char *o, Array *a) {
    const Layout *layout = &py->layout;
    a->dimensions = (int)half_at(o, layout->array_nd);
    a->data = pointer_at(o, layout->array_data);
    a->descr = pointer_at(o, layout->array_descr);
    a->shape = (int64_t *)pointer_at(o, layout->array_shape);
    a->owns = (half_at(o, layout->array_flags) & OWNS_DATA) != 0;
    if (!a->descr || a->dimensions < 0 || a->dimensions > MAX_DIMENSIONS || (a->dimensions && !a->shape)) return 0;
    a->kind = (char)byte_at(a->descr, layout->descr_kind);
    a->item = layout->descr_narrow ? half_at(a->descr, layout->descr_size) : word_at(a->descr, layout->descr_size);
    a->count = 1;
    for (int i = 0; i < a->dimensions; i++) a->count *= (u64)a->shape[i];
    return 1;
}

u64 array_size(const Python *py, const char *o, long basicsize) {
    Array a;
    if (!array_of(py, o, &a)) return (u64)basicsize;
    return (u64)basicsize + 16ull * (u64)a.dimensions + (a.owns ? a.count * a.item : 0);
}

/* Only the owner's elements: a view of an object array has the owner as its base. */
u8 array_items(Graph *g, char *o) {
    Array a;
    u8 rest = REST_ITEMS;
    if (!array_of(g->py, o, &a) || a.kind != 'O' || !a.owns || !a.data || a.item != 8) return REST_UNNAMED;
    for (u64 i = 0; i < a.count && !stopped(g->progress); i++) {
        char *item = ((char **)a.data)[i];
        if (item) graph_edge(g, item);
        else rest = REST_UNNAMED;
    }
    return rest;
}

static void type_text(const Array *a, char *into, size_t size) {
    static const struct { char kind; const char *name; } names[] = {
        {'i', "int"}, {'u', "uint"}, {'f', "float"}, {'c', "complex"}, {'b', "bool"}, {'O', "object"}, {'M', "datetime64"},
        {'m', "timedelta64"}};
    for (int i = 0; i < 8; i++)
        if (a->kind == names[i].kind) {
            if (i < 4) snprintf(into, size, "%s%llu", names[i].name, (unsigned long long)a->item * 8);
            else snprintf(into, size, "%s", names[i].name);
            return;
        }
    snprintf(into, size, "%c%llu", a->kind, (unsigned long long)(a->kind == 'U' ? a->item / 4 : a->item));
}

static void shape_text(const Array *a, char *into, size_t size) {
    int used = snprintf(into, size, "(");
    for (int i = 0; i < a->dimensions && (size_t)used + 24 < size; i++)
        used += snprintf(into + used, size - (size_t)used, i ? ", %lld" : "%lld", (long long)a->shape[i]);
    snprintf(into + used, size - (size_t)used, a->dimensions == 1 ? ",)" : ")");
}

int arrays_open(Arrays *arrays, Graph *g) {
    arrays->graph = g;
    return block_open(&arrays->block, g->memory, g->out, "ARRY", 1u << 20);
}

void array_record(Arrays *arrays, u32 number, u64 bytes, int owns, const char *dtype, const char *shape) {
    Block *block = &arrays->block;
    u32 dtype_length = (u32)strlen(dtype), shape_length = (u32)strlen(shape);
    if (!block_room(block, 17u + dtype_length + shape_length)) return;
    put32(block, number);
    put64(block, bytes);
    put8(block, (u8)owns);
    put_text(block, dtype, dtype_length);
    put_text(block, shape, shape_length);
    block->count++;
}

void array_note(Arrays *arrays, char *o, u32 number) {
    char dtype[64], shape[1024];
    Array a;
    if (!array_of(arrays->graph->py, o, &a)) return;
    type_text(&a, dtype, sizeof dtype);
    shape_text(&a, shape, sizeof shape);
    array_record(arrays, number, a.count * a.item, a.owns, dtype, shape);
}
