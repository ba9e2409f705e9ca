/*
 * Which field of an object holds which of its references: each pointer that tp_traverse visited is looked for in the
 * object's structure. The positions of the previous object of its type are tried first.
 */
#ifndef HEAPSCOPE_HEAP_MATCH_H
#define HEAPSCOPE_HEAP_MATCH_H

#include "heap/found.h"
#include "heap/types.h"

#define MAX_USED 65536     /* fields of one object that are looked at */
#define MAX_LABELLED 65535 /* references of one object that get a label */

typedef struct {
    const Python *py;
    Names *names;
    Types *types;
    Found *found;
    u8 *used; /* fields of the object that have their reference */
} Match;

/* What one object's offsets count from, and how far its inner part reaches. */
typedef struct {
    char *base[BASES];
    u32 inner_count; /* values or locals */
    long inner_first;
    char *code;
    int tagged;
} Anatomy;

int match_open(Match *m, Types *types, Found *found);
Anatomy match_anatomy(const Match *m, char *o, const TypeInfo *t);
int match_last(const Match *m, const TypeInfo *t, const Anatomy *a, u32 visited);
void match_labels(Match *m, TypeInfo *t, const Anatomy *a, u32 visited, u32 *labels);
u32 match_shape(const Match *m, const u32 *labels, u8 rest);
void match_remember(const Match *m, TypeInfo *t, const Anatomy *a, u32 visited, const u32 *labels, u32 shape);

#endif
