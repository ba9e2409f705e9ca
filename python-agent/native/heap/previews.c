#include "heap/previews.h"
#include "base/dump_format.h"
#include "python/text.h"
#include "python/values.h"

static u32 length_text(u64 length, char *into) {
    u32 used = decimal((long long)length, into);
    memcpy(into + used, length == 1 ? " item" : " items", length == 1 ? 5 : 6);
    return used + (length == 1 ? 5 : 6);
}

/* Only for exact built-in types; -1 if there is nothing to show. */
static int preview(const Python *py, char *o, char *into) {
    char *type = type_of(o);
    if (type == py->types.str_) return (int)text_utf8(py, o, into, DUMP_LIMIT_PREVIEW);
    if (type == py->types.int_) { u32 n = whole_text(py, o, into); return n ? (int)n : -1; }
    if (type == py->types.bool_) { int t = *(u32 *)(o + 24) != 0; memcpy(into, t ? "True" : "False", 5); return t ? 4 : 5; }
    if (type == py->types.NoneType_) { memcpy(into, "None", 4); return 4; }
    if (type == py->types.float_) return (int)float_text(o, into);
    if (type == py->types.complex_) return (int)complex_text(o, into);
    if (type == py->types.bytes_) { char quote; int whole; return (int)bytes_text(o, into, DUMP_LIMIT_PREVIEW, &quote, &whole); }
    if (type == py->types.list_ || type == py->types.tuple_) return (int)length_text(word_at(o, OB_SIZE), into);
    if (type == py->types.dict_) return (int)length_text((u64)PyDict_Size((PyObject *)o), into);
    if (type == py->types.set_ || type == py->types.frozenset_) return (int)length_text(word_at(o, 24), into);
    return -1;
}

void previews_write(Graph *g) {
    Block block = {0};
    if (!block_open(&block, g->memory, g->out, "PREV", 1u << 20)) return;
    for (u64 number = 0; number < g->table.count && !stopped(g->progress); number++) {
        char text[DUMP_LIMIT_PREVIEW], *o = table_address(&g->table, (u32)number);
        int length;
        if (table_bit(&g->table, number, secret) || (length = preview(g->py, o, text)) < 0) continue;
        if (!block_room(&block, (u32)length + 6)) return;
        put32(&block, (u32)number);
        put_text(&block, text, (u32)length);
        block.count++;
        if (!(number & 4095) && g->progress->cancel) stop_for(g->progress, STOP_CANCEL);
    }
    block_flush(&block);
}
