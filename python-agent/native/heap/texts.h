/* What is written of the content of strings, numbers and bytes while objects are walked: texts of keys, and hashes. */
#ifndef HEAPSCOPE_HEAP_TEXTS_H
#define HEAPSCOPE_HEAP_TEXTS_H

#include "heap/graph.h"

typedef struct {
    Graph *graph;
    Block keys;
    u32 *hash_refs, hash_filled; /* the HASH block that is being filled */
    u64 *hash_values;
} Texts;

int texts_open(Texts *texts, Graph *g);
void texts_flush(Texts *texts);
void text_key(Texts *texts, char *o, u32 number);              /* STRS, once; of a tuple or frozenset its first items */
void text_hash(Texts *texts, char *o, int is_str, u32 number); /* of a str, or of bytes */

#endif
