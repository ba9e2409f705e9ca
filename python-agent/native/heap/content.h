/* What containers hold: by index, by pair, as members. */
#ifndef HEAPSCOPE_HEAP_CONTENT_H
#define HEAPSCOPE_HEAP_CONTENT_H

#include "heap/closures.h"
#include "heap/found.h"
#include "heap/texts.h"
#include "heap/type_info.h"

typedef struct {
    Graph *graph;
    Names *names;
    Texts *texts;
    Closures *closures;
} Content;

u8 content_edges(Content *c, char *o, const TypeInfo *t);  /* emits the content; what the shape says of it */
u32 content_exact(Content *c, char *o, const TypeInfo *t); /* the same for an exact container; its shape */
/* In a subclass of a container: removes the content from the found references; returns whether it was there. */
int content_take_off(const TypeInfo *t, char *o, Found *found);

#endif
