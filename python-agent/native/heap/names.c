#include "heap/names.h"
#include "python/code.h"
#include "python/text.h"

#define BLOCK_SIZE (1u << 20)
#define CACHE_SIZE 8192
#define MAX_SHAPE 65535

static u32 field_label(Names *n, const char *name) { return label_for(n, LABEL_FIELD, name, (u32)strlen(name)); }

static int open_tables(Names *n, Memory *m, Out *out) {
    n->cache = mem_grow(m, NULL, 0, CACHE_SIZE * sizeof(CachedName));
    n->shape_buffer = mem_grow(m, NULL, 0, 4 + 4 * MAX_SHAPE);
    return n->cache && n->shape_buffer && intern_open(&n->labels, m) && intern_open(&n->shapes, m) && intern_open(&n->files, m) &&
           block_open(&n->label_block, m, out, "LABL", BLOCK_SIZE) && block_open(&n->shape_block, m, out, "SHAP", BLOCK_SIZE) &&
           block_open(&n->file_block, m, out, "FILE", BLOCK_SIZE);
}

int names_open(Names *n, Graph *g) {
    const ProbedFields *fields = &g->py->fields;
    *n = (Names){.graph = g};
    if (!open_tables(n, g->memory, g->out)) return 0;
    label_for(n, LABEL_NONE, "", 0);
    n->dict = field_label(n, "__dict__");
    n->class_ = field_label(n, "__class__");
    n->code = field_label(n, "f_code");
    n->func = field_label(n, "f_func");
    n->globals = field_label(n, "f_globals");
    n->locals = field_label(n, "f_locals");
    for (int i = 0; i < fields->count; i++)
        n->probed[i] = label_for(n, fields->items[i].kind, fields->items[i].name, fields->items[i].length);
    for (u8 rest = REST_UNNAMED; rest <= REST_MEMBERS; rest++) n->rest_shapes[rest] = shape_for(n, rest, NULL, 0);
    return !stopped(g->progress);
}

void names_flush(Names *n) {
    block_flush(&n->label_block);
    block_flush(&n->shape_block);
    block_flush(&n->file_block);
}

static void note_secret(Names *n, u32 id, const char *name, u32 length) {
    const Options *options = n->graph->options;
    if (!options->previews) return;
    if (id / 8 >= n->secret_size) {
        u32 size = n->secret_size ? 2 * n->secret_size : 4096;
        while (id / 8 >= size) size *= 2;
        n->secret_labels = mem_grow(n->graph->memory, n->secret_labels, n->secret_size, size);
        if (!n->secret_labels) return;
        n->secret_size = size;
    }
    if (is_secret(&options->secrets, name, length)) n->secret_labels[id / 8] |= (u8)(1u << (id & 7));
}

u32 label_for(Names *n, u8 kind, const char *name, u32 length) {
    u8 content[1 + DUMP_LIMIT_LABEL];
    int is_new;
    u32 id;
    if (length > DUMP_LIMIT_LABEL)
        for (length = DUMP_LIMIT_LABEL; length && ((u8)name[length] & 0xC0) == 0x80;) length--;
    content[0] = kind;
    memcpy(content + 1, name, length);
    id = intern_find(&n->labels, content, length + 1, &is_new);
    if (is_new && block_room(&n->label_block, length + 3)) {
        put8(&n->label_block, kind);
        put_text(&n->label_block, name, length);
        n->label_block.count++;
        note_secret(n, id, name, length);
    }
    return id;
}

u32 label_for_str(Names *n, u8 kind, char *str) {
    CachedName *cached = &n->cache[((u64)str >> 4 ^ (u64)str >> 17 ^ kind) & (CACHE_SIZE - 1)];
    char name[DUMP_LIMIT_LABEL];
    if (cached->str == str && cached->kind == kind) return cached->id;
    cached->id = label_for(n, kind, name, text_utf8(n->graph->py, str, name, DUMP_LIMIT_LABEL));
    cached->str = str;
    cached->kind = kind;
    return cached->id;
}

u32 label_for_variable(Names *n, char *code, u32 position) {
    int is_free;
    char *name = code_variable(n->graph->py, code, position, &is_free);
    return name ? label_for_str(n, is_free ? LABEL_CLOSURE : LABEL_LOCAL, name) : 0;
}

u32 shape_for(Names *n, u8 rest, const u32 *labels, u32 count) {
    u8 *content = n->shape_buffer;
    u32 length, id;
    u16 labelled;
    int is_new;
    if (count > MAX_SHAPE) count = MAX_SHAPE; /* the others stay unnamed */
    length = 4 + 4 * count;
    labelled = (u16)count;
    content[0] = rest;
    content[1] = 0;
    memcpy(content + 2, &labelled, 2);
    if (count) memcpy(content + 4, labels, 4ull * count);
    id = intern_find(&n->shapes, content, length, &is_new);
    if (is_new && block_room(&n->shape_block, length)) {
        put(&n->shape_block, content, length);
        n->shape_block.count++;
    }
    return id;
}

u32 file_for(Names *n, char *str) {
    char name[DUMP_LIMIT_FILE_NAME];
    u32 length = text_utf8(n->graph->py, str, name, sizeof name);
    int is_new;
    u32 id = intern_find(&n->files, name, length, &is_new);
    if (is_new && block_room(&n->file_block, length + 2)) {
        put_text(&n->file_block, name, length);
        n->file_block.count++;
    }
    return id;
}
