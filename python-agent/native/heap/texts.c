#include "heap/texts.h"
#include "base/dump_format.h"
#include "python/text.h"
#include "python/values.h"

#define HASHES 65536
#define KEY_BYTES 56 /* between the quotes */
#define KEY_ITEMS 4  /* of a tuple or frozenset that is a key */
#define KEY_DEPTH 2

int texts_open(Texts *texts, Graph *g) {
    *texts = (Texts){.graph = g};
    texts->hash_refs = mem_take(g->memory, 4 * HASHES);
    texts->hash_values = mem_take(g->memory, 8 * HASHES);
    return texts->hash_refs && texts->hash_values && block_open(&texts->keys, g->memory, g->out, "STRS", 1u << 20);
}

static u32 quoted_bytes(const char *o, char *into) {
    int whole;
    char quote;
    u32 used = 2 + bytes_text(o, into + 2, KEY_BYTES, &quote, &whole);
    into[0] = 'b';
    into[1] = quote;
    if (!whole) { memcpy(into + used, "\xE2\x80\xA6", 3); used += 3; }
    into[used++] = quote;
    return used;
}

static u32 scalar_text(const Python *py, char *o, const char *type, char *into) {
    if (type == py->types.int_) return whole_text(py, o, into);
    if (type == py->types.float_) return float_text(o, into);
    if (type == py->types.complex_) return complex_text(o, into);
    return type == py->types.bytes_ ? quoted_bytes(o, into) : 0;
}

typedef struct { Texts *texts; u32 left, depth; } Items;

static void text_part(Texts *texts, char *o, u32 number, u32 depth);

static int visit_part(PyObject *target, void *arg) {
    Items *items = arg;
    Graph *g = items->texts->graph;
    if (!items->left--) return 1;
    text_part(items->texts, (char *)target, graph_number(g, (char *)target), items->depth);
    return stopped(g->progress);
}

static void text_items(Texts *texts, char *o, u32 depth) {
    const Python *py = texts->graph->py;
    Items items = {texts, KEY_ITEMS, depth + 1};
    if (type_of(o) == py->types.frozenset_) {
        ((traverseproc)(void *)pointer_at(py->types.frozenset_, TP_TRAVERSE))((PyObject *)o, visit_part, &items);
        return;
    }
    for (u64 i = 0; i < word_at(o, OB_SIZE); i++)
        if (visit_part((PyObject *)pointer_at(o, py->layout.tuple_items + 8 * (long)i), &items)) return;
}

static void text_part(Texts *texts, char *o, u32 number, u32 depth) {
    Graph *g = texts->graph;
    const Python *py = g->py;
    char *type = type_of(o), text[DUMP_LIMIT_TEXT];
    int is_str = type == py->types.str_;
    u32 length;
    if (type == py->types.tuple_ || type == py->types.frozenset_) {
        if (depth < KEY_DEPTH) text_items(texts, o, depth);
        return;
    }
    if (table_bit(&g->table, number, texted)) return;
    table_set(&g->table, number, texted);
    length = is_str ? text_utf8(py, o, text, DUMP_LIMIT_TEXT) : scalar_text(py, o, type, text);
    if ((!length && !is_str) || !block_room(&texts->keys, length + 6)) return;
    put32(&texts->keys, number);
    put_text(&texts->keys, text, length);
    texts->keys.count++;
}

void text_key(Texts *texts, char *o, u32 number) { text_part(texts, o, number, 0); }

static void flush_hashes(Texts *texts) {
    Piece pieces[2] = {{texts->hash_refs, 4ull * texts->hash_filled}, {texts->hash_values, 8ull * texts->hash_filled}};
    if (texts->hash_filled) out_block(texts->graph->out, "HASH", texts->hash_filled, pieces, 2);
    texts->hash_filled = 0;
}

/* Python's own hash: the one stored in the object, else computed and not stored there (that would copy a page). */
void text_hash(Texts *texts, char *o, int is_str, u32 number) {
    const Python *py = texts->graph->py;
    int64_t hash = (int64_t)word_at(o, is_str ? STR_HASH : BYTES_HASH);
    if (hash == -1) {
        if (!py->functions.HashBuffer) return;
        if (is_str) {
            Text text;
            if (!text_of(py, o, &text)) return;
            hash = py->functions.HashBuffer(text.data, (Py_ssize_t)(text.length * text.kind));
        } else hash = py->functions.HashBuffer(o + BYTES_DATA, (Py_ssize_t)word_at(o, OB_SIZE));
    }
    if (texts->hash_filled == HASHES) flush_hashes(texts);
    texts->hash_refs[texts->hash_filled] = number;
    texts->hash_values[texts->hash_filled++] = (u64)hash;
}

void texts_flush(Texts *texts) {
    block_flush(&texts->keys);
    flush_hashes(texts);
}
