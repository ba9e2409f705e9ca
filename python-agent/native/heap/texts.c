#include "heap/texts.h"
#include "base/dump_format.h"
#include "python/text.h"

#define HASHES 65536

int texts_open(Texts *texts, Graph *g) {
    *texts = (Texts){.graph = g};
    texts->hash_refs = mem_take(g->memory, 4 * HASHES);
    texts->hash_values = mem_take(g->memory, 8 * HASHES);
    return texts->hash_refs && texts->hash_values && block_open(&texts->keys, g->memory, g->out, "STRS", 1u << 20);
}

void text_key(Texts *texts, char *o, u32 number) {
    Graph *g = texts->graph;
    const Python *py = g->py;
    char *type = type_of(o), text[DUMP_LIMIT_TEXT];
    u32 length;
    if (table_bit(&g->table, number, texted)) return;
    table_set(&g->table, number, texted);
    if (type == py->types.str_) length = text_utf8(py, o, text, DUMP_LIMIT_TEXT);
    else if (type != py->types.int_ || !(length = int_text(py, o, text))) return;
    if (!block_room(&texts->keys, length + 6)) return;
    put32(&texts->keys, number);
    put_text(&texts->keys, text, length);
    texts->keys.count++;
}

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
