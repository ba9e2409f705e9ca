#include "heap/previews.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/dump_format.h"
#include "python/text.h"

/* Like repr() except for rare last digits. snprintf and strtod of a double neither allocate nor lock. */
static u32 float_text(const char *o, char *into) {
    double value;
    u64 bits = word_at(o, 16);
    u32 used;
    memcpy(&value, &bits, 8);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(into, 32, "%.*g", digits, value);
        if (strtod(into, NULL) == value) break;
    }
    used = (u32)strlen(into);
    if (!strpbrk(into, ".en")) { memcpy(into + used, ".0", 2); used += 2; }
    return used;
}

static u32 length_text(u64 length, char *into) {
    u32 used = decimal((long long)length, into);
    memcpy(into + used, length == 1 ? " item" : " items", length == 1 ? 5 : 6);
    return used + (length == 1 ? 5 : 6);
}

static u32 bytes_text(const char *o, char *into) {
    static const char hex[] = "0123456789abcdef";
    u64 length = word_at(o, OB_SIZE);
    u32 used = 0;
    for (u64 i = 0; i < length && used + 4 <= DUMP_LIMIT_PREVIEW; i++) {
        u8 c = byte_at(o, BYTES_DATA + (long)i);
        if (c >= 32 && c < 127 && c != '\\') { into[used++] = (char)c; continue; }
        into[used++] = '\\'; into[used++] = 'x'; into[used++] = hex[c >> 4]; into[used++] = hex[c & 15];
    }
    return used;
}

/* Only for exact built-in types; -1 if there is nothing to show. */
static int preview(const Python *py, char *o, char *into) {
    char *type = type_of(o);
    if (type == py->types.str_) return (int)text_utf8(py, o, into, DUMP_LIMIT_PREVIEW);
    if (type == py->types.int_) { u32 n = int_text(py, o, into); return n ? (int)n : -1; }
    if (type == py->types.bool_) { int t = *(u32 *)(o + 24) != 0; memcpy(into, t ? "True" : "False", 5); return t ? 4 : 5; }
    if (type == py->types.NoneType_) { memcpy(into, "None", 4); return 4; }
    if (type == py->types.float_) return (int)float_text(o, into);
    if (type == py->types.bytes_) return (int)bytes_text(o, into);
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
