#include "heap/columns.h"

int columns_open(Columns *c, Memory *memory, Out *out, int sites) {
    const u32 n = DUMP_LIMIT_NODES;
    *c = (Columns){.out = out};
    c->address = mem_take(memory, 8 * n);
    c->size = mem_take(memory, 4 * n);
    c->type = mem_take(memory, 4 * n);
    c->refs = mem_take(memory, 4 * n);
    c->degree = mem_take(memory, 4 * n);
    c->shape = mem_take(memory, 4 * n);
    c->site = sites ? mem_take(memory, 4 * n) : NULL;
    c->flags = mem_take(memory, n);
    return c->address && c->size && c->type && c->refs && c->degree && c->shape && (c->site || !sites) && c->flags;
}

void columns_flush(Columns *c) {
    u32 n = c->filled;
    Piece pieces[] = {{c->address, 8ull * n}, {c->size, 4ull * n}, {c->type, 4ull * n}, {c->refs, 4ull * n},
                      {c->degree, 4ull * n}, {c->shape, 4ull * n}, {c->site, c->site ? 4ull * n : 0}, {c->flags, n}};
    if (n) out_block(c->out, "NODE", n, pieces, 8);
    c->filled = 0;
}
