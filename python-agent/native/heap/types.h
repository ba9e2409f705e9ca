/* The types of the objects found so far, and the TYPE records. */
#ifndef HEAPSCOPE_HEAP_TYPES_H
#define HEAPSCOPE_HEAP_TYPES_H

#include "heap/names.h"
#include "heap/type_info.h"

typedef struct {
    Graph *graph;
    Names *names;
    Block block;
    TypeInfo **slots; /* open addressing by address */
    u32 size, count;
    TypeInfo *last;
    Field *fields; /* of the type that is being looked at */
} Types;

int types_open(Types *types, Names *names);
TypeInfo *type_info_slow(Types *types, char *type);
u32 type_label_of_value(Types *types, TypeInfo *t, u32 position);

static inline TypeInfo *type_info(Types *types, char *type) {
    return likely(types->last && types->last->type == type) ? types->last : type_info_slow(types, type);
}

#endif
