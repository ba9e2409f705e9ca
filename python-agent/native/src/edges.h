/* What edges.c, content.c and match.c share. */
#ifndef HEAPSCOPE_EDGES_H
#define HEAPSCOPE_EDGES_H

#include "core.h"

#define MAX_USED 65536 /* fields of one object that are looked at */

/* What one object's offsets count from, and how far its inner part reaches. */
typedef struct {
    char *base[BASES];
    u32 inner_count; /* values or locals */
    long inner_first;
    char *code;
    int tagged;
} Anatomy;

static inline void mark_secret(Walk *w, u32 number) { table_set(&w->table, number, secret); }

/* content.c */
u8 content_edges(Walk *w, char *o, TypeInfo *t);     /* emits the content; what the shape says of it */
u32 content_exact(Walk *w, char *o, TypeInfo *t);    /* the same for an exact container; its shape */
int content_take_off(Walk *w, char *o, TypeInfo *t); /* from what was found; whether it was there */

/* match.c */
Anatomy match_anatomy(Walk *w, char *o, TypeInfo *t);
int match_last(const Walk *w, const TypeInfo *t, const Anatomy *a, u32 visited, u32 count);
void match_labels(Walk *w, TypeInfo *t, const Anatomy *a, u32 visited, u32 *labels);
u32 match_shape(Walk *w, const u32 *labels, u8 rest);
void match_remember(TypeInfo *t, const Walk *w, const Anatomy *a, u32 visited, const u32 *labels, u32 shape);

#endif
