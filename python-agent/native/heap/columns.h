/* The NODE block that is being filled, column by column. */
#ifndef HEAPSCOPE_HEAP_COLUMNS_H
#define HEAPSCOPE_HEAP_COLUMNS_H

#include "base/blocks.h"
#include "base/dump_format.h"

typedef struct {
    Out *out;
    u32 filled;
    u64 *address;
    u32 *size, *type, *refs, *degree, *shape, *site; /* `site` is NULL where no sites are asked for */
    u8 *flags;
} Columns;

int columns_open(Columns *c, Memory *memory, Out *out, int sites);
void columns_flush(Columns *c);

#endif
