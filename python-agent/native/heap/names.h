/* Labels, shapes and file names: each gets an id the first time it is seen, and is written then. */
#ifndef HEAPSCOPE_HEAP_NAMES_H
#define HEAPSCOPE_HEAP_NAMES_H

#include "base/dump_format.h"
#include "base/intern.h"
#include "heap/graph.h"

/* A str object's label, by its address: attribute names are interned. */
typedef struct { char *str; u32 id; u8 kind; } CachedName;

typedef struct {
    Graph *graph;
    Block label_block, shape_block, file_block;
    Intern labels, shapes, files;
    u8 *shape_buffer;
    CachedName *cache;
    u32 dict, class_, code, func, globals, locals; /* labels of these fields */
    u32 probed[MAX_PROBED];                              /* labels of the interpreter's probed fields */
    u32 rest_shapes[4];                                  /* shapes without labels, by REST_… */
    u8 *secret_labels;                                   /* a bit per label */
    u32 secret_size;
} Names;

int names_open(Names *n, Graph *g);
void names_flush(Names *n);
u32 label_for(Names *n, u8 kind, const char *name, u32 length);
u32 label_for_str(Names *n, u8 kind, char *str);
u32 label_for_variable(Names *n, char *code, u32 position); /* of a function; 0: it has no name */
u32 shape_for(Names *n, u8 rest, const u32 *labels, u32 count);
u32 file_for(Names *n, char *str);

static inline int label_is_secret(const Names *n, u32 label) {
    return n->secret_labels && n->secret_labels[label / 8] >> (label & 7) & 1;
}

#endif
